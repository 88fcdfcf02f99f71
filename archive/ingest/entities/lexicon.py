"""Closed lists of English words that the steps after the model go by; lower case unless they are names."""


def words(text: str) -> frozenset[str]:
    """A list of words, written as a text."""
    return frozenset(text.split())


HONORIFICS = words(
    """
    mr mrs ms miss mr. mrs. ms. dr dr. sir dame lord lady prof prof. professor rev rev. reverend father fr.
    sister brother mother sisters brothers sheikh sheik imam ayatollah mullah pope saint rabbi messrs mme madame
    monsieur herr frau senor señor signor doctor hon princess prince king queen sultan emir duke duchess
    count countess baron baroness
    """
)
"""Cut from before a person's name; they tell that a person follows, but say nothing of an office."""

ROLES = words(
    """
    president premier chancellor minister secretary ambassador senator sen sen. representative rep rep.
    congressman congresswoman deputy governor gov gov. mayor councillor councilman councilwoman commissioner
    attorney judge justice prosecutor lawyer sheriff general gen gen. colonel col col. major maj maj. captain
    capt capt. lieutenant lt lt. sergeant sgt sgt. corporal private admiral adm adm. commander cmdr cmdr. marshal
    brigadier brig brig. chief
    chairman chairwoman chair chairperson director executive ceo cfo coo officer spokesman spokeswoman
    spokesperson analyst economist trader strategist dealer broker editor author writer novelist poet journalist
    reporter correspondent columnist broadcaster presenter host producer filmmaker composer conductor singer
    actor actress comedian artist photographer designer architect engineer scientist researcher historian
    psychologist professor lecturer teacher headteacher principal dean rector student coach manager captain
    striker defender goalkeeper midfielder quarterback forward player boxer cyclist swimmer golfer jockey driver
    pilot astronaut detective inspector superintendent constable sgt investigator agent leader rebel warlord
    dictator activist campaigner dissident candidate lawmaker legislator parliamentarian negotiator envoy
    mediator adviser advisor aide consultant counsel treasurer chaplain bishop archbishop cardinal patriarch
    priest pastor imam rabbi monk nun vicar farmer baker businessman businesswoman entrepreneur founder
    co-founder cofounder owner tycoon billionaire banker financier investor shareholder partner employee worker
    official diplomat speaker whip mp mep vice-president counsellor undersecretary under-secretary coordinator
    co-ordinator organizer organiser curator librarian physician surgeon nurse psychiatrist paramedic
    firefighter policeman policewoman soldier spy hacker killer suspect victim survivor witness resident tourist
    husband wife father mother son daughter brother sister uncle aunt cousin widow fiance fiancee girlfriend
    boyfriend friend colleague rival opponent predecessor successor counterpart ombudsman comptroller auditor
    magistrate solicitor barrister choreographer playwright accountant pm monsignor pilot exchequer sculptor
    guitarist drummer pianist rapper supermodel model
    """
)
"""Heads of roles: a capitalised name right after one is a person's."""

ROLE_MODIFIERS = words(
    """
    prime vice deputy first former ex acting interim foreign interior defence defense finance home trade health
    education agriculture justice energy transport labour labor environment economy culture sports tourism
    housing treasury state attorney assistant associate senior chief executive general managing non-executive
    honorary lieutenant major sub co opposition party union press government military army navy police air-force
    u.s. us uk u.k. british american french german russian chinese israeli palestinian federal national regional
    local presidential secretary-general director-general governor-general permanent human rights sales
    marketing operating financial technology information research supreme high district chief-of-staff planning
    commerce industry information security intelligence communications economic political development water
    science fisheries mining oil petroleum power budget revenue internal external affairs public works communist
    republican democratic democrat conservative liberal tory socialist wing squadron flight staff rear fleet
    brigade
    """
)

RELATIVES = words("husband wife father mother son daughter brother sister uncle aunt cousin widow boyfriend girlfriend")
"""Of the heads of roles those that say whose somebody is, not what: no role to tell of a person."""

COMPOUND_ENDINGS = words(
    """
    based led backed held ruled run owned controlled funded mediated sponsored brokered occupied listed born
    style era trained educated dominated hosted made built bound wide area like type speaking registered
    inspired organised organized administered supported financed appointed allied linked affiliated friendly
    only imposed style related strong old year wing proposed drafted supplied affected stricken torn flagged
    administered headquartered
    """
)
"""What follows the hyphen where only the part before it can be a name ("London-based")."""

NAME_TITLES = words("Mother Prince Pope Saint St St.")
"""Titles that stay with a single name, which without them would be nobody's."""

PLACE_AFTER = words(
    """
    airport airports river rivers province provinces region district area checkpoint village town city oilfield
    oilfields bridge valley desert island islands coast border peninsula suburb suburbs county mosque refinery
    mine mines port harbour harbor strait mountains hills forest lake bay beach prison jail camp settlement
    stadium highway motorway bypass station plant dam canal gulf state states municipality prefecture
    """
)
"""Words that follow a place's name."""

ORGANISATION_AFTER = words(
    """
    chairman chairwoman chief ceo shares stock shareholders subsidiary unit spokesman spokeswoman spokesperson
    executives bonds investors party group rebels guerrillas militia militants fighters faction movement
    newspaper daily magazine news agency radio television airline bank union board management factory plants
    lawmakers lawmaker deputies leaders headquarters employees workers customers brand index futures contracts
    """
)
"""Words that follow an organisation's name."""

DETERMINERS = words("the a an this that these those his her its their our my your some any all both each every no")

SPEECH = words(
    """
    said says say told tells added adds warned warns insisted insists argued argues explained explains declared
    declares stated states announced announces replied replies recalled recalls claimed claims noted notes
    admitted admits acknowledged acknowledges stressed stresses urged urges asked asks predicted predicts
    complained complains wrote writes tweeted tweets commented comments concluded concludes continued continues
    observed observes remarked remarks suggested suggests testified testifies quipped joked shouted
    exclaimed pleaded vowed pledged promised reported reports thinks believes thought believed denied denies
    confirmed confirms recounts recounted reasoned offered quips mused muses boasted bragged cautioned cautions advised
    asserted asserts alleged alleges countered responded responds revealed reveals sighed whispered
    estimated estimates emphasised emphasized emphasises emphasizes maintains maintained contends contended
    laments lamented
    """
)
"""Verbs of speech, as they stand beside the one who spoke."""

KIN = words(
    """
    wife husband son daughter mother father brother sister widow parents children grandson granddaughter uncle
    aunt cousin fiancee fiance girlfriend boyfriend biographer lawyer lawyers doctor doctors attorney bodyguard
    bodyguards
    """
)

ORGANISATION_HEADS = words(
    """Ministry Department University College Institute Academy School Court Bank Party Union Association Federation
    Confederation Council Committee Commission Congress Parliament Senate Assembly Agency Authority Board Bureau
    Office Service Services Society Foundation Organisation Organization League Alliance Front Movement Army Corps
    Force Forces Police Guard Group Fund Trust Exchange Airlines Airways Airline Motors Electric Pictures Records
    Studios Partners Brothers Bros Securities Insurance Laboratories Pharmaceuticals Pharmaceutical Systems
    Technologies Technology Communications Telecom Broadcasting Television Radio Press News Times Post Herald
    Tribune Gazette Journal Chronicle Guardian Telegraph Daily Newspapers Magazine Club Orchestra Museum Hospital
    Clinic Church Centre Center Chamber Cabinet Secretariat Directorate Administration Institution Consortium
    Network Coalition Campaign Brigade Division Regiment Battalion Squadron Fleet Command Tribunal Inspectorate
    Watch Monitor Observatory Resources Energy Petroleum Oil Gas Steel Mining Minerals Chemicals Foods Stores
    Software Semiconductor Entertainment Media Networks Capital Investments Financial Finance Management Ventures
    Equities Properties Realty Telecommunications Aerospace Aviation Shipping Railways Rail Railroad Lines"""
)
"""A capitalised run that ends in one of these names an organisation, unless the model says otherwise for good."""

STRONG_HEADS = words(
    """
    Ministry Department University College Institute Academy Court Bank Party Association Federation
    Confederation Council Committee Commission Senate Assembly Agency Authority Bureau Society Foundation
    Organisation Organization Airlines Airways Corporation Secretariat Tribunal Securities Pharmaceuticals
    Technologies Bancorp Orchestra Consortium Coalition Parliament Congress Chamber Alliance League Front
    """
)
"""Of these, the ones that need no second opinion."""

ORGANISATION_TITLES = words(
    "agency newspaper daily magazine broadcaster company firm airline bank brokerage carmaker automaker conglomerate "
    "retailer lender insurer publisher group party movement charity club weekly tabloid station network watchdog "
    "union giant maker manufacturer producer developer operator supplier utility consortium partner unit "
    "subsidiary affiliate rival parent sponsor"
)
"""Words that stand before an organisation's name."""

MEDIA = words("agency newspaper daily weekly magazine broadcaster tabloid")
"""Of the words beside an organisation's name those that leave little doubt."""

PLACE_CUES = words("in near outside around throughout inside across toward towards beyond within into")
PLACE_NOUNS = words(
    """city town village province region state district county port suburb capital island island republic peninsula
    municipality hamlet neighbourhood neighborhood prefecture enclave resort settlement"""
)
NOT_IN_PLACE = words(
    "shares share stake stakes interest invest invested investment confidence believe belief trust holdings"
)
"""Words before "in" that make what follows a company rather than a place."""

PARTICLES = words(
    "de da do dos das del della di du des la le van von der den ter ten zu zum al el bin ibn bint abu ben e y"
)
SUFFIXES = words("Jr Jr. Sr Sr. II III IV")

NO_NAMES = words(
    """
    i you he she it we they me him us them who what which this that these those there here his her our their one
    many few some most others another nobody everyone someone anyone people officials allah christmas easter
    ramadan internet english french german spanish russian chinese arabic latin greek monday tuesday wednesday
    thursday friday saturday sunday january february march april may june july august september october november
    december sept oct nov dec aug jan feb mon tue wed thu fri sat sun today tomorrow yesterday tel fax email
    e-mail website facebook: gmt est pdt edt cet ceo cfo coo mp mps ceos phd faq covid covid-19 aids hiv dna tv
    wifi usd eur gbp dlrs mln bln pct vs yr qtr q1 q2 q3 q4 h1 h2 ipo gdp eps i'm it's don't that's we're he's
    she's you're they're i've i'd i'll can't won't isn't didn't doesn't
    """
)
"""Never names by themselves, whatever the model says."""

MONEY = words("dlrs dlr dollars stg mln bln pct")
"""What the wire writes after a sum; behind a country it is that country's money ("20 mln N.Z. Dlrs")."""

THINGS = words(
    """Initiative Agreement Treaty Accord Accords Act Bill Law War Wars Cup Award Awards Prize Plan Programme Program
    Project Summit Pact Protocol Protocols Convention Declaration Charter Constitution Amendment Resolution Day Week
    Year Festival Olympics Games Championship Championships Tournament Disease Syndrome Virus Index Camps Camp
    Revolution Uprising Massacre Crisis Election Elections Scheme Doctrine Dialogue Roadmap Deal Operation"""
)
"""A capitalised run that ends in one of these is a name, but of no person, organisation or place."""

POLICIES = frozenset({"Belt and Road", "Belt", "Road", "One Belt", "New Deal", "Silk Road", "Cold War"})

UNLINKED_PEOPLES = words(
    "Senate Congress Parliament Ministry Cabinet Embassy Interpol Supreme Finance Interior Foreign Defence Defense"
)
"""A people's adjective right before one of these is no part of the name ("the Bavarian Interior Ministry")."""

CREDITS = words("AFP Reuters AP UPI Getty Bloomberg PA EPA Xinhua TASS Tass ITAR-TASS DPA dpa ANSA Kyodo SCMP")
"""Agencies that sign pictures and stories; named in running text they are as much of the story as anybody."""

PEOPLES = words(
    """
    Afghan African Albanian Algerian American Andorran Angolan Arab Argentine Argentinian Armenian Asian Australian
    Austrian Azerbaijani Azeri Bahraini Bangladeshi Basque Bavarian Belarusian Belarussian Belgian Bengali
    Beninese Berber Bhutanese Bolivian Bosnian Botswanan Brazilian Breton British Briton Bruneian Bulgarian
    Burkinabe Burmese Burundian Californian Cambodian Cameroonian Canadian Catalan Caucasian Chadian Chechen
    Chilean Chinese Colombian Comoran Congolese Copt Corsican Cossack Croat Croatian Cuban Cypriot Czech
    Dagestani Dane Danish Djiboutian Dutch Ecuadorean Ecuadorian Egyptian Emirati English Eritrean Estonian
    Ethiopian Eurasian European Fijian Filipino Fin Finn Finnish Flemish French Frenchman Frenchwoman Gabonese
    Galician Gambian Georgian German Ghanaian Greek Grenadian Guatemalan Guinean Gulf-Arab Gypsy Haitian Han
    Hausa Hawaiian Hindu Honduran Hui Hungarian Hutu Icelander Icelandic Igbo Indian Indonesian Ingush Inuit
    Iranian Iraqi Irish Irishman Islamist Israeli Italian Ivorian Jamaican Japanese Javanese Jew Jewish
    Jordanian Kashmiri Kazakh Kazakhstani Kenyan Khmer Korean Kosovar Kurd Kurdish Kuwaiti Kyrgyz Lao Laotian
    Latino Latina Latvian Lebanese Liberian Libyan Lithuanian Macedonian Malagasy Malawian Malay Malaysian
    Maldivian Malian Maltese Manchu Maori Mauritanian Mauritian Maya Mayan Mexican Moldovan Monegasque Mongol
    Mongolian Montenegrin Moroccan Moslem Mozambican Muslim Myanmarese Namibian Nepalese Nepali Nicaraguan
    Nigerian Nigerien Norwegian Omani Ossetian Ottoman Pakistani Palestinian Panamanian Papuan Paraguayan
    Pashtun Persian Peruvian Pole Polish Portuguese Qatari Quebecer Roma Romanian Russian Rwandan Saudi
    Scandinavian Scot Scots Scottish Senegalese Serb Serbian Shi'ite Shia Shiite Sicilian Sikh Sinhalese
    Singaporean Slav Slovak Slovakian Slovene Slovenian Somali Soviet Spaniard Spanish Sudanese Sunni Surinamese
    Swazi Swede Swedish Swiss Syrian Taiwanese Tajik Tamil Tanzanian Tatar Texan Thai Tibetan Togolese Tongan
    Tunisian Turk Turkic Turkish Turkmen Tutsi Ugandan Uighur Ukrainian Uruguayan Uygur Uyghur Uzbek Venezuelan
    Vietnamese Welsh Yazidi Yemeni Yemenite Yoruba Yugoslav Zairean Zambian Zimbabwean Zulu Christian Catholic
    Protestant Anglican Buddhist Orthodox Mormon Methodist Baptist Presbyterian Democrat Republican Communist
    Conservative Tory Marxist Maoist Nazi Zionist Fascist Liberal Socialist
    """
)
"""Peoples, believers and followers: adjectives or members, never persons, organisations or places by themselves."""

OPENERS = words(
    """
    the a an this that these those in on at by for from with but and or as if when while after before since
    under both his her its their our my your former although though because last next some most all no not now
    then there here yet so even only just once until unlike despite during about against among between over
    through without where who what why how today yesterday tomorrow later earlier meanwhile however still also
    another other new according like earlier instead perhaps maybe two three four five six seven eight nine ten
    first second third quoting citing asked told said sources traders analysts police officials troops rebels
    soldiers president minister
    """
)
"""Words that often open a sentence; folded."""

NEVER_GIVEN = words(
    """should would could does did do is are was were has have had can must nor neither either whether unless if when
    while that than but and or as so yet not"""
)
"""Words that open sentences and that no name begins with; folded."""

PREPOSITIONS = words(
    """of to with by for from in at on about against after before between like than under over into via
    without during towards toward through near behind"""
)

WOMEN = words(
    """mary patricia jennifer linda elizabeth barbara susan jessica sarah karen lisa nancy betty margaret sandra ashley
    kimberly emily donna michelle carol amanda dorothy melissa deborah stephanie rebecca sharon laura cynthia kathleen
    amy angela shirley anna brenda pamela emma nicole helen samantha katherine christine debra rachel carolyn janet
    catherine maria heather diane ruth julie olivia joyce virginia victoria kelly lauren christina joan evelyn judith
    megan andrea cheryl hannah jacqueline martha gloria teresa ann sara madison frances kathryn janice jean alice
    judy grace julia amber denise marilyn beverly danielle theresa sophia marie diana brittany natalie isabella
    charlotte rose alexis kayla anne hillary angelina nina elena olga natalia svetlana fatima aisha indira benazir
    sonia priya jane claire fiona nicola lucy chloe ellen elise ursula harriet eleanor melania ivanka michele theresa
    valerie wendy zoe marine ségolène carla lydia irene rita sally tracy monica vanessa yvonne sheila"""
)
MEN = words(
    """james robert john michael david william richard joseph thomas charles christopher daniel matthew anthony mark
    donald steven paul andrew joshua kenneth kevin brian george timothy ronald edward jason jeffrey ryan jacob gary
    nicholas eric jonathan stephen larry justin scott brandon benjamin samuel gregory alexander frank patrick raymond
    jack dennis jerry tyler aaron jose adam nathan henry douglas zachary peter kyle ethan walter noah jeremy christian
    keith roger terry gerald harold sean austin carl arthur lawrence dylan jesse jordan bryan billy joe bruce gabriel
    logan albert willie alan juan wayne elijah randy roy vincent ralph eugene russell bobby mason philip louis mike
    bill jim tom tim dan steve dave bob ben matt chris greg jeff ken ron ted boris vladimir sergei ivan mikhail
    mohammed muhammad ahmed ali hassan hussein yasser saddam barack jean-claude francois jacques pierre hans helmut
    klaus fidel carlos luis pedro antonio giovanni marco kim owen len neil gene simon martin ian stuart graham
    colin trevor nigel derek harvey bernie mitch rudy newt rand marc max oscar felix leo liam lucas"""
)
"""Frequent given names that tell "he" from "she"; names of both are in neither list."""

PLATFORMS = words("Instagram Twitter Facebook YouTube Google TikTok Snapchat WhatsApp Netflix Reddit LinkedIn Uber")
"""Firms of one word that the model takes for people or places."""

GENERIC = words(
    """Bank Group Company Board Office Department Ministry University Court Party Union Association Council Committee
    Commission Agency Service Fund Trust Exchange Club Church Hospital Corp Inc Ltd Co Government State Corporation
    Institute School College Authority Bureau Society Foundation Division Holdings Software Journal Reserve"""
)
"""Heads of organisations that by themselves name none."""
