"""Words that say whether another word is a person's name; all in small letters, no accents."""


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


RANKS = _set("""
    pc dc ps ds di dci pcso sgt sergeant insp inspector supt superintendent constable wpc
    dsi dcs sio detective officer
""")

# The first are followed by a name even in small letters: "mr smith".
SMALL_TITLES = _set("mr mrs ms mx dr")
TITLES = SMALL_TITLES | _set("miss sir lady lord prof professor rev reverend judge")

# A full stop after these ends no sentence.
SHORTENED = SMALL_TITLES | _set("prof rev sgt insp supt pc dc ps ds di dci")

# Before a hyphen these make no name, also in capitals: "the Pre-Trial Hearing".
PREFIXES = _set("anti co cross ex inter mid multi non over post pre re self semi sub un")

PARTICLES = _set("van der den de da dos di la le du von bin bint ibn al el")

DAYS = _set("""
    monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri
    sat sun january february march april may june july august september october november december
    jan feb mar apr jun jul aug sept sep oct nov dec
""")

HOLIDAYS = _set("""
    christmas easter boxing new year eve good whit bank holiday ramadan eid diwali hanukkah
    passover vaisakhi halloween bonfire bst gmt lent pentecost
""")

ACRONYMS = _set("""
    abe ai am anpr asap asb atm bbc bame bsl bwv cafcass cad caf cctv ccrc cid cica cjs cps csi
    dash dashr dbs dna dvpn dvpo dvla dwp esol fao faq fcdo fgm flo fyi gp gps hbv hmcts hmp hmrc
    hq ico id idva imei iopc isva it lgbt lgbtq marac mappa mash mg mod mot nca nfa nhs niche
    nspcc nvq ocg ok pace pcc pdf pfcc pin pip pm ppe ptsd raso rfi rtc rui samm sarc sfio sim sms
    soco solo spoc stalking swit tbc tv uk url usa vat vawg via vlo vps vpu vrr vrm wcu whatsapp
    www cco ncdv pnc pnd yot yos hiv sen send
""")

BRANDS = _set("""
    whatsapp facebook instagram snapchat tiktok google gmail hotmail outlook yahoo teams zoom
    skype twitter telegram messenger youtube linkedin apple iphone ipad android samsung huawei
    nokia ebay vinted gumtree amazon paypal monzo revolut barclays lloyds hsbc natwest santander
    halifax nationwide tesco asda aldi lidl sainsbury morrisons argos boots ford vauxhall bmw audi
    volkswagen toyota nissan honda fiat peugeot renault citroen mercedes skoda hyundai kia astra
    corsa fiesta transit golf polo post mail microsoft uber airbnb netflix bluetooth internet
""")

PEOPLES = _set("""
    english welsh scottish irish british polish romanian bulgarian hungarian lithuanian latvian
    slovak czech ukrainian russian albanian french german spanish portuguese italian greek turkish
    arabic farsi persian dari pashto kurdish urdu punjabi panjabi hindi bengali gujarati tamil
    sinhala nepali mandarin cantonese chinese vietnamese thai tagalog somali swahili amharic
    tigrinya hebrew yiddish makaton muslim sikh hindu jewish asian african european american
    caribbean roma romani traveller gypsy catholic anglican buddhist poland romania ireland france
    germany spain italy india pakistan bangladesh china ukraine europe
""")

# What officers put a capital on, and what may begin a sentence without being anybody's name.
MATTERS = _set("""
    madam relay measures preparation conference drone vodafone sky giffgaff planning allocation
    pension benefit council custodial community bench usher magistracy dock mitigation
    access act action address advice advocate adviser aggravated agency aid aim allegation
    ambulance analysis anger animal anonymous answer anti anxiety apologies apology appeal
    appendix application appointment area army arrest arson article assault assessment association
    attempt attention authority autumn baby bail bailiff barrister bedroom body book box boy
    branch breach brother building burglary bus business calendar call camera car card care case
    caseworker cash caution cell centre chair chance change charge chief child childline children
    circumstances citizen civil claim clerk code college commander commissioner committee common
    community compensation complaint complainant computer conditional conditions conduct
    confidential consent constabulary contact control conviction cooperation coordinator copy
    coroner council counsel counselling country county court cover crime criminal crown curfew
    custody damage date daughter day days deadline death decision deception defence defendant
    department deposit detail details device digital directions disability disclosure discharge
    disposal dispute district division doctor document domestic door download driver driving drug
    drugs duty east economic education elder email emergency enforcement engagement enhanced
    enquiries enquiry entry evidence examination example exhibit expenses expert explanation
    eyewitness fact facts family father feedback female file final fines fingerprint fire first
    footage force forensic forensics form forms fraud front funding further general girl god
    government grievous gross guidance guide guideline harassment harm hate head headquarters
    health hearing help helpline her hers high his history home homicide honour hospital hotel
    house housing hub human identification identity image images immigration incident independent
    indictment individual industry information inquest inquiries inquiry insight insurance
    intelligence intent interim interpreter interview intermediary investigation investigative
    investigator item items job judgment judge judges jury justice juvenile keeper key keys kind
    knife laboratory landlord language law laptop leader left legal lesson letter liaison lieu
    life light line link list live local lock locks london magistrate magistrates major male man
    manager manslaughter map matter means mediation medical meeting member memory men mental
    message messages minister ministry minor misconduct missing mobile modern money month months
    morning mother motorway murder nation national neighbour neighbourhood network news night
    nights non north notice notes notification number numbers nurse occupation offence offences
    offender office officers online operation operator opinion option options order orders other
    our outcome page papers paramedic parent parents parking parole part partner partners passport
    patrol people permission person personal phase phone photo photograph photographs photos
    picture plan plea pledge police policing policy portal possession press pretrial prevention
    primary prison prisoner privacy procedure process prosecution prosecutor prosecutors
    protection protective protocol public pupil quality question questions racial rape reason
    reasons receipt reception record recorded recorder recording records recovery reference
    referral referrals region registered registrar relationship release relief religious remand
    remote repair repairs report reports request requests rescue research residence resident
    resolution response responsible restorative restraining result results retention return review
    right rights risk road robbery room royal rule rules safeguarding safety scene scheme school
    search second secondary section security senior sentence sentencing serious service services
    session sexual shop sister site slavery social society solicitor son south special specialist
    spring staff stage stalker standard standards state statement statements station statutory
    step steps stolen store street student style subject summary summer summons superior
    supervision supervisor support surgery survivor suspect suspects system taxi teacher team
    technical tenancy terms test text theft theirs third threat threats tier ticket time times
    total tracker trading traffic training trauma trial trust type unit university update updates
    upper urgent use user van vehicle verdict version victim victims video videos violence visit
    volunteer voucher vulnerable ward warning warrant weapon weapons website week weekend weeks
    west winter witness witnesses woman women word words work worker workers working young youth
    academy airport bullying children's cyber diversion drink drop employer epilepsy evening fear
    forced grooming impact injuries injury install ltd limited marriage non-molestation note
    organisation pack property psychologist pub pursuit respect sanctuary shelter telephone
    therapy therapist touch treatment voice wellbeing wound wounding aged appropriate adult bodily
    ex-partner mum dad uncle aunt auntie nan grandad grandma accessibility bodies sector
    regulations equality commission attorney web weather freepost forum tab shift easy name end
    input content boyfriend girlfriend husband wife sick parcel delivery
""")

STARTERS = _set("""
    a about above according across actually add additionally after afternoon afterwards again
    against ago all almost alone along already also alternatively although always among an and
    another any anybody anyone anything anyway anywhere apart are around as aside ask at away back
    based be because been before behind being below beside besides best better between beyond big
    both bring briefly but by can cannot cant carry check cheers choose come complete could
    congratulations currently dear despite did do does done dont down due during each earlier
    early either else enough even eventually ever every everybody everyone everything everywhere
    except explain fairly far few finally fine follow following for forget former formerly
    fortunately forward forwards from full fully get getting give given glad go going got great
    greetings had half happy has have having he hello hence here hereby herself hi hey himself
    hopefully how however i if im immediately in include included inside instead into is it its
    itself just keep kindly last late later latest least leave less let lets like likewise little
    long look lots made mainly make many maybe me meanwhile mine moreover more most mostly much
    must my myself near nearly neither never nevertheless next nice no nobody none nonetheless nor
    not nothing now nowhere obviously of off often oh okay old on once one ones only onto open or
    originally otherwise ought ours ourselves out outside over own particularly per perhaps please
    possible possibly presumably previously provided put quick quickly quite rather read ready
    really recently regarding regardless regards remember reply reported ring same save say see
    seeing send sent several shall she should show shortly similarly simply since sincerely so
    some somebody someone something sometimes somewhere soon sorry speak start still stop
    subsequently such sure take talk tell than thank thanks that thats the their them themselves
    then there thereafter therefore these they thing things think this those though three through
    throughout thus till to today together tomorrow tonight too towards truly try turn twice two
    under understandably unfortunately unless unlike until up upon us usually very via wait want
    was watch we well went were what whatever when whenever where whereas wherever whether which
    while who whoever whole whom whose why will wish with within without would write yes yesterday
    yet you your yours yourself faithfully four five six seven eight nine ten eleven twelve twenty
    zero third hundred thousand bear break buy clean close cut drive eat fill find fit free hand
    hold hear learn lose meet mind move need needs new pay pick play push reach record remain
    respond rest run set sign sit stand stay step store study submit supply switch thinking told
    types unable understand useful view walk warm welcome win worried worry wrong able absolutely
    acting additional agreed asked aware brief certain clear common contrary correct entire
    equally essentially exact good hard important initial main normal original particular present
    previous quiet recent right safe separate short similar simple single slow sole sort specific
    strange strong true usual various written bye copied enclosed attached mark hope chase bill
    grant rich drew guy sue
""")

# After an unknown word at the start of a sentence these make it a person: "Wojcik was arrested".
SAID_OF_PEOPLE = _set("""
    was has is had will did does said says told admitted denied denies admits lives lived wants
    attended contacted called rang phoned texted came went pleaded gave made appeared answered
    handed
""")

# Given names that are also words: in small letters, or where a sentence begins, they are words.
WORDS_TOO = _set("""
    abu ali amber amir ana anna april bill blake brad cameron carmen carol chase chelsea chris
    christian clay daisy dawn dean don drew earl ebony faith felicity florence florin frank
    gail georgia glen gloria grace grant guy hazel heather holly hope ion iris ivan ivy jack jade
    jamie jasmine jay jean jesus jim jo jordan joy jude june ken kim kirk lance laurence leigh len
    leo lily logan louis malik mark martin mason max melody mia mick mike miles molly nick noor
    norman olive paige pat pearl penny pete polly poppy ravi ray rex rich rob robin rod rory rose
    rosemary ross roy ruby sally sam sana sid spencer stan stella sue ted terry tom tony tyler vera
    verity victor viola violet warren wei will willow zain
""")

# A street is not named so: "12 December", "the Crown Court", "Serious Road Traffic Collision".
NEVER_A_STREET = (
    DAYS
    | RANKS
    | _set("""
    a about after all along and any are as at before between by crown county down for from
    i if in into is it magistrates my near next of off on onto or our over serious some stop
    than that the their then there these this those through to up was we were when where which
    with witness you your youth past family across outside towards
    minutes minute hours hour days day weeks week months month years year miles mile metres people
    men women cars officers other others more
""")
)

# A group that stands on a staff list is no person, so its words do not stand alone.
NOT_A_PERSON = _set("""
    academy advice against agency aid alliance and association authority body care centre charity
    citizens commissioner community council county court crime crown department desk division era
    force foundation fraud fund gateway group health helpline home hospital house hub investigation
    justice line liaison magistrates ministry modern national network new office of old parole
    phoneline police probation programme project prosecution rape referral road safety scheme
    school section service services sexual society staffordshire stalking support team the trust
    trustee trustees true unit university victim victims vision voice witness women youth
""")
