import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.codelibs.opensearch.runner.OpenSearchRunner;

/**
 * One OpenSearch node in a JVM of its own, so that a test can kill it: {@code java Node FOLDER}.
 * Its settings stand in FOLDER/node.properties. It ends with its standard input, so it never outlives the test.
 */
public final class Node {
    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        Properties chosen = new Properties();
        try (var file = Files.newBufferedReader(folder.resolve("node.properties"))) {
            chosen.load(file);
        }
        Thread watch = new Thread(Node::waitForTheEndOfInput);
        watch.setDaemon(true);
        watch.start();
        new OpenSearchRunner()
            .onBuild((number, settings) -> chosen.forEach((name, value) -> {
                if (value.toString().contains(",")) {
                    settings.putList(name.toString(), value.toString().split(","));
                } else {
                    settings.put(name.toString(), value.toString());
                }
            }))
            .build("-basePath", folder.toString(), "-numOfNode", "1", "-disableESLogger");
        Thread.currentThread().join();
    }

    private static void waitForTheEndOfInput() {
        try {
            while (System.in.read() != -1) {
                // What is written there means nothing; only its end does.
            }
        } catch (java.io.IOException gone) {
            // As good as the end.
        }
        Runtime.getRuntime().halt(0);
    }
}
