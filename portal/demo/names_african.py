"""Invented stock of names from Eritrea, Ethiopia, Somalia and Nigeria; Tigrinya in Ethiopic script."""

ERITREAN_MALE = """
Tesfay/Tesfai/Tesfaye=ተስፋይ
Yonas/Jonas/Yohannes=ዮናስ
Berhane/Brhane/Birhane=ብርሃነ
Haile/Hayle=ሃይለ
Samuel/Samiel=ሳሙኤል
Filmon/Philmon/Filimon=ፊልሞን
Mehari/Mehary=መሓሪ
Abraham/Abrham=ኣብርሃም
Kidane/Kidan=ኪዳነ
Dawit/Daweet/David=ዳዊት
Robel/Rubel=ሮቤል
Henok/Henock=ሄኖክ
Tekle/Teckle=ተኽለ
Gebremedhin/Gebremedin=ገብረመድህን
"""
ERITREAN_FEMALE = """
Selam/Selamawit=ሰላም
Helen/Hellen=ሄለን
Abeba/Ababa=ኣበባ
Semhar/Simhar=ሰምሃር
Rahel/Rachel=ራሄል
Luwam/Liwam/Luam=ሉዋም
Mehret/Mihret=ምሕረት
Eden/Edden=ኤደን
Bisrat/Bsrat=ብስራት
Freweini/Freweyni/Frewoini=ፍረወይኒ
Saba/Sabba=ሳባ
Winta/Wintana=ዊንታ
"""
ERITREAN_FAMILY = """
Tesfay/Tesfai=ተስፋይ
Gebreselassie/Gebresilassie=ገብረስላሴ
Haile/Hayle=ሃይለ
Kidane/Kidan=ኪዳነ
Berhe/Brhe=በርሀ
Tekle/Teklay=ተኽለ
Ghebremariam/Gebremariam=ገብረማርያም
Habte/Habtay=ሃብተ
Woldu/Weldu=ወልዱ
Araya/Aray=ኣርኣያ
Mebrahtu/Mebratu=መብራህቱ
Zeray/Zerai=ዘርኣይ
Asmerom/Asmeron=ኣስመሮም
Negash/Negasch=ነጋሽ
"""
SOMALI_MALE = """
Abdi/Cabdi=
Mohamed/Maxamed/Mohammed=
Ahmed/Axmed=
Hassan/Xasan=
Yusuf/Yuusuf/Jusuf=
Abdirahman/Cabdiraxmaan/Abdurahman=
Liban/Liibaan=
Farah/Faarax=
Mahad/Maxad=
Guled/Guuleed=
"""
SOMALI_FEMALE = """
Hodan/Hoodan=
Fadumo/Faadumo/Fatuma=
Asha/Caasha/Aisha=
Halima/Xaliima/Halimo=
Sahra/Zahra=
Ifrah/Ifraax=
Amina/Aamina=
Hibo/Hibaaq=
Nasra/Nasro=
Ayan/Ayaan=
"""
SOMALI_FAMILY = """
Abdullahi Warsame/Cabdullaahi Warsame=
Hussein Ali/Xuseen Cali=
Mohamud Farah/Maxamuud Faarax=
Hassan Jama/Xasan Jaamac=
Ali Osman/Cali Cismaan=
Ahmed Nur/Axmed Nuur=
Omar Elmi/Cumar Cilmi=
Yusuf Abdi/Yuusuf Cabdi=
Ibrahim Adan/Ibraahim Aadan=
Mohamed Duale/Maxamed Ducaale=
"""
NIGERIAN_MALE = """
Emeka/Chukwuemeka=
Osaro/Osarobo=
Ibrahim/Ebrahim=
Chinedu/Chinedum=
Tunde/Babatunde=
Kelechi/Kelechukwu=
Efosa/Efossa=
Samuel/Sammy=
"""
NIGERIAN_FEMALE = """
Blessing/Blessin=
Ngozi/Ngosi=
Joy/Joi=
Amarachi/Amara=
Funmilayo/Funmi=
Osas/Osasere=
Precious/Prescious=
Chioma/Tschioma=
"""
NIGERIAN_FAMILY = """
Okafor/Okafo=
Osagie/Osaghie=
Eze/Ezeh=
Adeyemi/Adeyemy=
Igbinovia/Igbinova=
Nwosu/Nwossu=
Omoruyi/Omoregie=
Balogun/Balogoun=
Ehigiator/Ehigiato=
"""
