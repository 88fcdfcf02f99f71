"""The closed word lists that positional rules read: words of date lines, agencies, credit labels, common words."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _phrases(text: str) -> frozenset[str]:
    return frozenset(part.strip() for part in text.split("|"))


COMMON = _words(
    """the and for that with from this are was were has have had will would can could his her its their they you your
    not but who what when why how after over into out about more than all new says said one two"""
)
"""Words that say nothing of what a text is about."""

WEEKDAYS = _words(
    """mon tue tues wed thu thur thurs fri sat sun monday tuesday wednesday thursday friday saturday sunday"""
)
STAMP_WORDS = WEEKDAYS | _words(
    """published publish updated update posted modified last first on at date dated created edited added filed issued
    revised originally time am pm a p m et est edt pt pst pdt ct cst cdt mt gmt utc bst cet cest ist aest aedt sast jst
    hkt sgt wib eat wat z t st nd rd th of min mins minute minutes read reading hour hours day days week weeks month
    months year years ago noon midnight local in the and story article today yesterday just now h s d an about online
    print version"""
)
"""What a date line may say besides months and numbers."""

AGENCIES = _phrases(
    """Reuters | REUTERS | AFP | AP | Associated Press | The Associated Press | ASSOCIATED PRESS | Bloomberg |
    Bloomberg News | PA | PA Media | Press Association | Xinhua | EFE | DPA | dpa | ANSA | UPI | IANS | PTI | Bernama |
    Kyodo | Kyodo News | Interfax | TASS | Agence France-Presse | The Canadian Press | AAP | CNN |
    Tribune News Service"""
)
"""News agencies, as a line of their own may name them; case counts."""

STAFF_WORDS = _words(
    "staff agency agencies wire services reporter reporters correspondent correspondents desk team news press"
)

CREDIT_AGENCIES = _phrases(
    """Getty Images | Getty | AFP | AP | AP Photo | Associated Press | Reuters | REUTERS | EPA | EPA-EFE | EFE | PA |
    PA Wire | PA Images | Alamy | Shutterstock | iStock | Bloomberg | Xinhua | Zuma | ZUMA | Rex | REX |
    USA Today Sports | Imagn | Unsplash | Wikimedia Commons | Corbis | Handout | TNS | ANP | DPA | dpa | Sipa | SIPA"""
)
"""Agencies of pictures; case counts: "swap", "recap" and "RPA" end in none."""

CREDIT_LABELS = _phrases(
    """Photo | Photograph | Photographer | Photography | Picture | Pic | Image | Images | Photos | Pictures | Pics |
    Credit | Credits | Image credit | Photo credit | Picture credit | Image Credit | Photo Credit | Illustration |
    Illustrations | Video | Copyright | PHOTO | IMAGE | CREDIT | PHOTOGRAPH | Image source | Image caption |
    Photo illustration"""
)
