"""What the curated rows promise: famous places under every usual spelling, namesakes and traps, honest positions."""

import csv
from collections.abc import Iterator
from math import cos, hypot, radians
from pathlib import Path

import pytest

from geo.model import Place
from geo.paths import bundled
from geo.reference.gazetteer import SETTLEMENTS, Gazetteer

FOLDER = bundled("gazetteer")
NEEDS_A_CUE = frozenset({"common", "person", "weapon"})

# Spellings of Ukrainian, Russian, English and Indonesian texts, today's and former ones; _ stands for a space.
FAMOUS = """
    donetsk.bakhmut: Артёмовск Артемовск Артемівськ Artemivsk Artyomovsk Artemovsk Бахмут Artyomivsk
    donetsk.toretsk: Дзержинск Дзержинськ Dzerzhinsk Dzerzhynsk Торецк Toretsk
    donetsk.pokrovsk: Красноармейск Красноармійськ Krasnoarmeysk Krasnoarmeisk Покровск Krasnoarmiisk
    donetsk.myrnohrad: Димитров Dimitrov Dymytrov Мирноград Myrnograd Mirnograd Mirnohrad
    donetsk.lyman: Красный_Лиман Красний_Лиман Krasny_Liman Krasnyi_Lyman Krasny_Lyman Лиман Liman
    donetsk.niu-york: Новгородское Новгородське Novgorodskoye Novhorodske New_York Нью-Йорк Niu_York Ню-Йорк
    donetsk.chasiv-yar: Часов_Яр Часів_Яр Chasov_Yar Chasiv_Yar
    donetsk.vuhledar: Угледар Vugledar Ugledar Вугледар Vuhledar
    donetsk.kurakhove: Курахово Kurakhovo Kurakhove Курахове
    donetsk.selydove: Селидово Selidovo Selydovo Селидове Selidove
    donetsk.hirnyk: Горняк Gornyak Girnyk Hirnyk Гірник
    donetsk.marinka: Марьинка Maryinka Mariinka Marinka Мар’їнка
    donetsk.avdiivka: Авдеевка Avdeevka Avdeyevka Avdiyivka Avdiivka
    donetsk.velyka-novosilka: Великая_Новосёлка Великая_Новоселка Velikaya_Novoselka Velyka_Novosilka
    donetsk.kostiantynivka: Константиновка Konstantinovka Kostyantynivka Kostiantynivka Konstiantynivka
    donetsk.druzhkivka: Дружковка Druzhkovka Druzhkivka
    donetsk.kramatorsk: Краматорск Kramatorsk
    donetsk.sloviansk: Славянск Slavyansk Slovyansk Slaviansk Sloviansk
    donetsk.bohoiavlenka: Богоявленка Bogoyavlenka Bohoyavlenka
    donetsk.horlivka: Горловка Gorlovka Horlivka
    donetsk.makiivka: Макеевка Makeevka Makeyevka Makiyivka Makiivka
    donetsk.yenakiieve: Енакиево Yenakiyevo Yenakievo Enakievo Yenakiieve
    donetsk.debaltseve: Дебальцево Debaltsevo Debaltseve
    donetsk.volnovakha: Волноваха Volnovakha
    donetsk.mariupol: Мариуполь Mariupol Mariupol’
    donetsk.ilovaisk: Иловайск Ilovaisk Ilovaysk
    donetsk.khartsyzk: Харцызск Khartsyzsk Khartsyzk
    donetsk.chystiakove: Торез Torez Чистяково
    donetsk.snizhne: Снежное Snezhnoye Snizhne
    donetsk.soledar: Соледар Soledar
    donetsk.siversk: Северск Seversk Siversk
    donetsk.ocheretyne: Очеретино Ocheretino Ocheretyne
    donetsk.novohrodivka: Новогродовка Novogrodovka Novohrodivka
    donetsk.ukrainsk: Украинск Ukrainsk
    donetsk.dobropillia: Доброполье Dobropolye Dobropillya Dobropillia
    donetsk.bilytske: Белицкое Belitskoye Bilytske
    donetsk.rodynske: Родинское Rodinskoye Rodynske
    donetsk.oleksiievo-druzhkivka: Алексеево-Дружковка Alekseevo-Druzhkovka
    donetsk.klishchiivka: Клещеевка Kleshcheyevka Kleshcheevka Klishchiivka
    donetsk.shevchenko: Шевченко Shevchenko
    donetsk.urozhaine: Урожайное Urozhaynoye Urozhaine
    donetsk.staromaiorske: Старомайорское Staromayorskoye Staromaiorske
    donetsk.kermenchyk: Октябрьское
    donetsk.khrestivka: Кировское Kirovske Krestovka
    donetsk.kalmiuske: Комсомольское
    donetsk.boikivske: Тельманово Telmanovo
    donetsk.manhush: Мангуш Першотравневе
    donetsk.krasnohorivka: Красногоровка Krasnogorovka
    luhansk.siverskodonetsk: Северодонецк Сєвєродонецьк Severodonetsk Sievierodonetsk Sievierdonetsk Siverskodonetsk
    luhansk.lysychansk: Лисичанск Lisichansk Lysychansk
    luhansk.kreminna: Кременная Kremennaya Kreminna
    luhansk.svatove: Сватово Svatovo Svatove
    luhansk.popasna: Попасная Popasnaya Popasna
    luhansk.rubizhne: Рубежное Rubezhnoye Rubizhne
    luhansk.starobilsk: Старобельск Starobelsk
    luhansk.luhansk: Луганск Lugansk Luhansk Ворошиловград
    luhansk.alchevsk: Алчевск Alchevsk Коммунарск
    luhansk.kadiivka: Стаханов Кадиевка Stakhanov
    luhansk.khrustalnyi: Красный_Луч Krasny_Luch Хрустальный
    luhansk.dovzhansk: Свердловск Довжанск Sverdlovsk
    luhansk.sorokyne: Краснодон Krasnodon Сорокино
    luhansk.shchastia: Счастье Щастя Schastye Shchastya
    luhansk.bilovodsk: Беловодск
    luhansk.aidar: Новопсков Айдар
    luhansk.sokolohirsk: Первомайск Pervomaisk
    luhansk.bilohorivka: Белогоровка Belogorovka
    luhansk.antratsyt: Антрацит Anthracite Antratsit
    kharkiv.kharkiv: Харьков Kharkov Kharkiv
    kharkiv.kupiansk: Купянск Kupyansk
    kharkiv.kupiansk-vuzlovyi: Купянск-Узловой Kupyansk-Uzlovoy Kupiansk-Vuzlovyi Куп’янськ-Вузловий
    kharkiv.izium: Изюм Izyum Izium
    kharkiv.vovchansk: Волчанск Volchansk Vovchansk
    kharkiv.berestyn: Красноград Krasnohrad Krasnograd
    kharkiv.zlatopil: Первомайский Pervomaiskyi Первомайський
    kharkiv.balakliia: Балаклея Balakleya Balakliya
    kharkiv.chuhuiv: Чугуев Chuguev Chuguyev Chuhuyiv
    kharkiv.lozova: Лозовая Lozovaya Lozova
    kharkiv.bohodukhiv: Богодухов Bogodukhov
    kharkiv.derhachi: Дергачи Dergachi
    kharkiv.zolochiv: Золочев
    kharkiv.slobozhanske: Слобожанское Комсомольское
    kharkiv.pivdenne: Pivdenne
    kharkiv.borova: Боровая
    kharkiv.synkivka: Синьковка Sinkovka
    kharkiv.lyptsi: Липцы Liptsy
    dnipropetrovsk.dnipro: Днепропетровск Дніпропетровськ Dnepropetrovsk Днепр Dnipro Dnepr Dnipropetrovsk
    dnipropetrovsk.kamianske: Днепродзержинск Dniprodzerzhynsk Dneprodzerzhinsk Каменское
    dnipropetrovsk.kryvyi-rih: Кривой_Рог Krivoy_Rog Kryvyi_Rih Krivoi_Rog Kryvyj_Rih
    dnipropetrovsk.samar: Новомосковск Новомосковськ Novomoskovsk Самар
    dnipropetrovsk.shakhtarske: Першотравенск Першотравенськ Pershotravensk
    dnipropetrovsk.pavlohrad: Павлоград Pavlograd
    dnipropetrovsk.nikopol: Никополь Nikopol
    dnipropetrovsk.pokrov: Орджоникидзе
    dnipropetrovsk.marhanets: Марганец Marganets
    dnipropetrovsk.zhovti-vody: Жёлтые_Воды
    dnipropetrovsk.synelnykove: Синельниково Sinelnikovo
    zaporizhzhia.zaporizhzhia: Запорожье Zaporozhye Zaporizhia Zaporozhzhia Zaporizhya Zaporizhzhya
    zaporizhzhia.enerhodar: Энергодар Energodar Enerhodar
    zaporizhzhia.huliaipole: Гуляйполе Gulyaipole Hulyaipole Guliaipole Gulyaypole Hulyaypole Гуляй-Поле
    zaporizhzhia.orikhiv: Орехов Orekhov Orikhiv
    zaporizhzhia.robotyne: Работино Rabotino Robotyne
    zaporizhzhia.mala-tokmachka: Малая_Токмачка Malaya_Tokmachka
    zaporizhzhia.melitopol: Мелитополь Melitopol
    zaporizhzhia.berdiansk: Бердянск Berdyansk Berdiansk
    zaporizhzhia.tokmak: Токмак Tokmak
    zaporizhzhia.polohy: Пологи Pologi
    zaporizhzhia.vasylivka: Васильевка Vasilyevka Vasilievka
    zaporizhzhia.kamianka-dniprovska: Каменка-Днепровская
    zaporizhzhia.stepnohirsk: Степногорск Stepnogorsk
    zaporizhzhia.yakymivka: Акимовка Akimovka
    kherson.kherson: Херсон Kherson
    kherson.nova-kakhovka: Новая_Каховка Novaya_Kakhovka Nova_Kakhovka
    kherson.oleshky: Алёшки Олешки Цюрупинск Цюрупинськ Tsyurupinsk Aleshki Oleshky
    kherson.hola-prystan: Голая_Пристань Golaya_Pristan
    kherson.henichesk: Геническ Genichesk Henichesk
    kherson.krynky: Крынки Krynki Krynky
    kherson.beryslav: Берислав Berislav Beryslav
    kherson.antonivka-2: Антоновка Antonovka Antonivka
    kherson.chornobaivka: Чернобаевка Chernobaevka Chornobayivka Chornobaivka
    kherson.skadovsk: Скадовск Skadovsk
    mykolaiv.mykolaiv: Николаев Nikolaev Nikolayev Mykolayiv Mykolaiv
    mykolaiv.ochakiv: Очаков Ochakov
    mykolaiv.pivdennoukrainsk: Южноукраинск Yuzhnoukrainsk Pivdennoukrainsk
    odesa.odesa: Одесса Odessa
    odesa.chornomorsk: Ильичёвск Ильичевск Іллічівськ Ilyichevsk Illichivsk Черноморск Chernomorsk
    odesa.pivdenne: Южный Южне Yuzhne Yuzhny Південне Pivdenne
    odesa.izmail: Измаил Izmail
    odesa.reni: Рени Reni
    odesa.podilsk: Котовск Котовськ
    odesa.bilhorod-dnistrovskyi: Белгород-Днестровский
    odesa.vylkove: Вилково Vilkovo
    sumy.sumy: Сумы Sumy Суми
    sumy.shostka: Шостка Shostka
    sumy.konotop: Конотоп Konotop
    sumy.okhtyrka: Ахтырка Akhtyrka Okhtyrka
    sumy.bilopillia: Белополье Belopolye Bilopillya
    sumy.hlukhiv: Глухов Glukhov
    sumy.krasnopillia: Краснополье Krasnopolye
    sumy.velyka-pysarivka: Великая_Писаревка
    sumy.yunakivka: Юнаковка Yunakovka
    chernihiv.chernihiv: Чернигов Chernigov
    chernihiv.novhorod-siverskyi: Новгород-Северский
    chernihiv.semenivka: Семёновка Семеновка
    chernihiv.nizhyn: Нежин Nezhin
    poltava.poltava: Полтава Poltava
    poltava.kremenchuk: Кременчуг Kremenchug
    poltava.horishni-plavni: Комсомольск Горишние_Плавни Komsomolsk
    poltava.myrhorod: Миргород Mirgorod
    kirovohrad.kropyvnytskyi: Кировоград Кіровоград Kirovograd Kirovohrad Кропивницкий Kropivnitsky
    kirovohrad.oleksandriia: Александрия Oleksandriya
    vinnytsia.vinnytsia: Винница Vinnitsa Vinnytsya
    zhytomyr.zhytomyr: Житомир Zhitomir
    zhytomyr.zviahel: Новоград-Волынский Novohrad-Volynskyi Новоград-Волинський
    khmelnytskyi.khmelnytskyi: Хмельницкий Khmelnitsky Khmelnytsky Khmelnitskiy
    khmelnytskyi.starokostiantyniv: Староконстантинов Starokonstantinov Starokostyantyniv
    lviv.lviv: Львов Lvov
    lviv.sheptytskyi: Червоноград Chervonohrad
    ivanofrankivsk.ivano-frankivsk: Ивано-Франковск Ivano-Frankovsk
    ivanofrankivsk.burshtyn: Бурштын
    ternopil.ternopil: Тернополь Ternopol
    rivne.rivne: Ровно Rovno
    volyn.lutsk: Луцк Lutsk
    volyn.kovel: Ковель Kovel
    volyn.volodymyr: Владимир-Волынский Володимир-Волинський Volodymyr-Volynskyi
    zakarpattia.uzhhorod: Ужгород Uzhgorod
    zakarpattia.mukachevo: Мукачево
    chernivtsi.chernivtsi: Черновцы Chernovtsy
    cherkasy.cherkasy: Черкассы Cherkassy
    cherkasy.uman: Умань Uman
    kyivcity.kyiv: Киев Kiev Kyiv
    kyiv.bila-tserkva: Белая_Церковь
    kyiv.pereiaslav: Переяслав-Хмельницкий
    kyiv.brovary: Бровары
    kyiv.boryspil: Борисполь Boryspol
    kyiv.hostomel: Гостомель Gostomel Hostomel
    kyiv.irpin: Ирпень Irpen Irpin
    kyiv.bucha: Буча Bucha
    kyiv.vasylkiv: Васильков
    crimea.simferopol: Симферополь Simferopol Сімферополь
    crimea.kerch: Керчь Kerch
    crimea.feodosiia: Феодосия Feodosia Feodosiya Theodosia
    crimea.dzhankoi: Джанкой Dzhankoy Dzhankoi
    crimea.yevpatoriia: Евпатория Yevpatoria Evpatoria
    crimea.yalta: Ялта Yalta
    crimea.saky: Саки Saki Saky
    crimea.yany-kapu: Красноперекопск Krasnoperekopsk Яны_Капу
    crimea.armiansk: Армянск Armyansk
    sevastopol.sevastopol: Севастополь Sevastopol
    kursk.sudzha: Суджа Sudzha
    kursk.korenevo: Коренево Korenevo
    kursk.kursk: Курск Kursk
    kursk.tyotkino: Тёткино Теткино Tyotkino Tetkino Tiotkino
    kursk.malaya-loknya: Малая_Локня Malaya_Loknya
    kursk.kurchatov: Курчатов Kurchatov
    kursk.rylsk: Рыльск Rylsk
    belgorod.belgorod: Белгород Belgorod Бєлгород Білгород
    belgorod.shebekino: Шебекино Shebekino
    belgorod.grayvoron: Грайворон Grayvoron Graivoron
    belgorod.valuyki: Валуйки Valuyki
    belgorod.staryy-oskol: Старый_Оскол Stary_Oskol
    bryansk.bryansk: Брянск Bryansk Briansk
    bryansk.klintsy: Клинцы Klintsy
    rostov.rostov-on-don: Ростов-на-Дону Rostov-on-Don Ростов
    rostov.taganrog: Таганрог Taganrog
    rostov.novoshakhtinsk: Новошахтинск Novoshakhtinsk
    krasnodar.novorossiysk: Новороссийск Novorossiysk Novorossiisk Новоросійськ
    krasnodar.tuapse: Туапсе Tuapse
    krasnodar.slavyansk-na-kubani: Славянск-на-Кубани
    krasnodar.yeysk: Ейск Yeysk Yeisk
    krasnodar.temryuk: Темрюк
    krasnodar.primorsko-akhtarsk: Приморско-Ахтарск Primorsko-Akhtarsk
    saratov.engels: Энгельс Engels Енгельс
    leningrad.ust-luga: Усть-Луга Ust-Luga
    leningrad.primorsk: Приморск Primorsk
    tula.aleksin: Алексин
    ryazan.ryazan: Рязань Ryazan
    tatarstan.yelabuga: Елабуга Yelabuga Elabuga
    udmurtia.izhevsk: Ижевск Izhevsk Іжевськ
    udmurtia.votkinsk: Воткинск
    samara.novokuybyshevsk: Новокуйбышевск Novokuybyshevsk Novokuibyshevsk
    samara.syzran: Сызрань Syzran
    bashkortostan.ufa: Уфа Ufa
    nizhnynovgorod.dzerzhinsk: Дзержинск
    nizhnynovgorod.kstovo: Кстово Kstovo
    tver.toropets: Торопец Toropets
    krasnodar.tikhoretsk: Тихорецк Tikhoretsk
    moscowcity.moscow: Москва Moscow
    saintpetersburg.saint-petersburg: Санкт-Петербург Saint_Petersburg St_Petersburg Петербург
"""

# Names of containers: oblasts, republics and krais as texts of both sides call them; a name is no judgement.
CONTAINERS = """
    sumy: Сумщина Сумська_область Сумская_область Сумщина Sumy_Oblast Oblast_Sumy
    kharkiv: Харківщина Харьковщина Харківська_область Харьковская_область Kharkov_region Oblast_Kharkiv
    donetsk: Донеччина Донетчина ДНР DPR Донецька_область Донецкая_Народная_Республика Donetsk_People’s_Republic
        Republik_Rakyat_Donetsk
    luhansk: Луганщина ЛНР LPR Луганська_область Луганская_Народная_Республика Luhansk_People’s_Republic
    kherson: Херсонщина Херсонська_область Херсонская_область
    dnipropetrovsk: Дніпропетровщина Днепропетровщина Січеславщина Дніпропетровська_область
    zaporizhzhia: Запоріжжя Запорізька_область Запорожская_область Запоріжчина
    chernihiv: Чернігівщина Черниговщина
    crimea: АР_Крим Крим Крым Республика_Крым Krimea Republic_of_Crimea Crimea
    sevastopol: Севастополь
    kursk: Курщина Курська_область Курская_область
    belgorod: Белгородчина Бєлгородщина Белгородская_область
    bryansk: Брянщина Брянська_область
    oryol: Орловщина Орловская_область
    smolensk: Смоленщина Смоленська_область
    krasnodar: Кубань Краснодарский_край Краснодарський_край Krasnodar_Territory Krai_Krasnodar
    tatarstan: Татарстан Республика_Татарстан Tatarstan Republik_Tatarstan
    bashkortostan: Башкортостан Башкирия Bashkortostan
    chuvashia: Чувашия Чувашія
    mordovia: Мордовия Мордовія
    leningrad: Ленобласть Ленинградская_область
    moscowoblast: Подмосковье Підмосков’я Moscow
    donetsk.pokrovsk-raion: Покровський_район Покровский_район Pokrovsk_district distrik_Pokrovsk
    kursk.sudzha-raion: Суджанский_район Суджанський_район Sudzha_district
    belgorod.shebekino-raion: Шебекинский_городской_округ Шебекінський_район Shebekinsky_urban_district
    bryansk.suzemka-raion: Суземский_район
    kharkiv.kyivskyi-district: Київський_район Киевский_район Kyivskyi_district
    odesa.prymorskyi-district: Приморський_район Приморский_район
    kyivcity.troieshchyna-district: Троєщина Троещина
"""

AXES = """
    axis.pokrovsk: Покровський_напрямок Покровское_направление Красноармейское_направление Pokrovsk_direction
        Pokrovsk_axis Pokrovsk_sector arah_Pokrovsk poros_Pokrovsk sektor_Pokrovsk
    axis.bakhmut: Бахмутський_напрямок Артёмовское_направление
    axis.lyman: Лиманський_напрямок Краснолиманское_направление
    axis.kupiansk: Куп’янський_напрямок Купянское_направление Kupiansk-Lyman_axis
    axis.donetsk: Донецкое_направление
    axis.southern-donetsk: Южно-Донецкое_направление
    axis.toretsk: Торецький_напрямок Дзержинское_направление
    axis.orikhiv: Оріхівський_напрямок Ореховское_направление
    axis.huliaipole: Гуляйпільський_напрямок Гуляйпольское_направление
    axis.prydniprovske: Придніпровський_напрямок Приднепровское_направление
    axis.novopavlivka: Новопавлівський_напрямок
    axis.kostiantynivka: Костянтинівський_напрямок Константиновское_направление
    axis.northern-slobozhanskyi: Північно-Слобожанський_напрямок
    axis.southern-slobozhanskyi: Південно-Слобожанський_напрямок
    axis.kursk: Курський_напрямок Курское_направление
    axis.belgorod: Белгородское_направление
    axis.robotyne: Работинское_направление
    axis.vuhledar: Угледарское_направление
"""

SITES = """
    zaporizhzhia.zaporizhzhia-npp: ЗАЕС ЗАЭС Запорізька_АЕС Zaporizhzhia_nuclear_power_plant PLTN_Zaporizhzhia
    kursk.kursk-npp: Курская_АЭС Курська_АЕС
    donetsk.donetsk-airport: ДАП Донецкий_аэропорт Donetsk_airport
    odesa.snake-island: острів_Зміїний остров_Змеиный Snake_Island Pulau_Ular
    mykolaiv.kinburn-spit: Кінбурнська_коса Кинбурнская_коса Kinburn_Spit
    theatre.kerch-bridge: Кримський_міст Крымский_мост Kerch_Bridge Jembatan_Krimea
    krasnodar.tuapse-port-and-refinery: Туапсинский_НПЗ
    krasnodar.afipsky-refinery: Афипский_НПЗ Афіпський_НПЗ Afipsky_refinery
    saratov.engels-2-air-base: авиабаза_Энгельс аеродром_Енгельс Engels_airbase
    crimea.feodosia-oil-depot: нафтобаза_у_Феодосії Феодосийская_нефтебаза Feodosia_oil_depot
    leningrad.kirishi-refinery: КИНЕФ Kirishi_refinery
    kyiv.trypillia-tpp: Трипільська_ТЕС Trypillia_thermal_power_plant
    kharkiv.zmiiv-tpp: Зміївська_ТЕС
    tver.toropets-arsenal: арсенал_в_Торопце
    luhansk.serebrianka-forest: Серебрянський_ліс
    theatre.black-sea: Чорне_море Чёрное_море Black_Sea Laut_Hitam
"""


# Names that are also words, persons, weapons or units.
FLAGGED = """
    Надія Мир Щастя Зоря Перемога Вільне Рівне Изюм Счастье Победа Заря Шевченко Shevchenko Іскра Искра Буревісник
    Леніна Головне Середа П’ятниця Партизани Острів Питер Володимир Анна Азов Айдар Калинин Slava
"""


def spelled(table: str) -> list[tuple[str, str]]:
    """Read "id: spelling spelling", a line that goes on is indented once more."""
    found: list[tuple[str, str]] = []
    place = ""
    for word in table.split():
        if word.endswith(":"):
            place = word[:-1]
        else:
            found.append((place, word.replace("_", " ")))
    return found


def rows(pattern: str) -> Iterator[dict[str, str]]:
    """Yield the rows of the tables that fit a pattern."""
    for path in sorted(FOLDER.glob(pattern)):
        with path.open(encoding="utf-8", newline="") as file:
            yield from csv.DictReader(file)


def bearing(gazetteer: Gazetteer, spelling: str) -> dict[str, Place]:
    """Return every place that bears a spelling, by its id."""
    return {n.place_id: gazetteer.place(n.place_id) for n in gazetteer.named(spelling)}


# --- names -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", [FAMOUS, CONTAINERS, AXES, SITES], ids=["settlements", "containers", "axes", "sites"])
def test_famous_places_bear_their_usual_spellings(gazetteer, table):
    """In every language and of every year."""
    pairs = spelled(table)
    lost = [f"{place}: {name}" for place, name in pairs if place not in bearing(gazetteer, name)]

    assert len(pairs) > 25
    assert not lost


def test_what_a_source_calls_a_region_is_its_name_and_no_judgement(gazetteer):
    """The same container, whichever side names it."""
    for names in (("Донецька область", "ДНР", "Donetsk People’s Republic"), ("Луганська область", "ЛНР", "LPR")):
        regions = [{i for i, p in bearing(gazetteer, n).items() if p.kind == "region"} for n in names]
        assert regions[0] == regions[1] == regions[2]
        assert len(regions[0]) == 1


def test_every_region_has_its_names_in_the_languages_of_the_digests():
    """Ukrainian, Russian, English and Indonesian; in the country's own language the row itself may be the name."""
    regions = {r["id"]: r["parent"] for r in rows("regions.csv") if r["parent"] in ("ukraine", "russia")}
    for language in ("uk", "ru", "en", "id"):
        named = {r["place"] for r in rows(f"names/{language}.csv")}
        unnamed = {i for i, country in regions.items() if i not in named}
        assert {regions[i] for i in unnamed} <= {{"uk": "ukraine", "ru": "russia"}.get(language)}


def test_every_raion_of_ukraine_has_its_adjective_in_ukrainian_and_russian():
    """With the kind word, and without a capital too: "покровский район" stands in the middle of a heading."""
    for language, word in (("uk", "район"), ("ru", "район")):
        named = {r["place"] for r in rows(f"names/{language}.csv") if word in r["name"] and "lower" in r["flags"]}
        raions = {r["id"] for r in rows("places/*.csv") if r["kind"] == "raion"}
        assert raions <= named


def test_former_names_are_marked_as_such(gazetteer):
    """A former name never outranks today's bearer of the name: it says so, and since when where that is known."""
    standing = {n.place_id: (n.standing, n.how) for n in gazetteer.named("Красноармейск")}
    assert standing["donetsk.pokrovsk"] == ("former", "former name (…-2016)")
    assert {n.place_id: n.how for n in gazetteer.named("Невське")}["luhansk.balka-zhuravka"].endswith("(…-2024)")


@pytest.mark.parametrize(
    "word",
    FLAGGED.split(),
)
def test_a_name_that_is_also_a_word_a_person_or_a_weapon_needs_a_cue(gazetteer, word):
    """Every village of that name is flagged; a town may be left out where it is far better known than the word."""
    villages = [n for n in gazetteer.named(word) if gazetteer.place(n.place_id).kind in ("village", "settlement")]
    flagged = [n for n in gazetteer.named(word) if n.flags & NEEDS_A_CUE]

    assert flagged or not gazetteer.named(word)
    assert all(n.flags & NEEDS_A_CUE for n in villages)


@pytest.mark.parametrize("word", ["Терни", "Суми", "Удачне", "Піски", "Урожайне", "Залізне", "Покровськ", "Dnipro"])
def test_names_of_the_front_need_no_cue(gazetteer, word):
    """They are named daily, and never open a sentence as another word."""
    assert any(not n.flags & NEEDS_A_CUE for n in gazetteer.named(word))


# --- traps -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "place", "lat", "lon"),
    [
        ("Yasna Poliana", "donetsk.yasna-poliana", 47.88, 37.03),
        ("Shakhtarske", "donetsk.shakhtarske", 47.858, 36.990),
        ("Levadne", "zaporizhzhia.levadne", 47.745, 36.597),
        ("Vyshneve", "donetsk.vyshneve", 48.151, 37.248),
        ("Bohoiavlenka", "donetsk.bohoiavlenka", 47.862, 37.218),
        ("Robotyne", "zaporizhzhia.robotyne", 47.446, 35.834),
        ("Sudzha", "kursk.sudzha", 51.191, 35.271),
        ("Малая Локня", "kursk.malaya-loknya", 51.330, 35.233),
        ("Плёхово", "kursk.plyokhovo", 51.101, 35.329),
        ("Selydove", "donetsk.selydove", 48.143, 37.310),
        ("Terny", "donetsk.terny", 49.092, 37.961),
        ("Chasiv Yar", "donetsk.chasiv-yar", 48.590, 37.830),
    ],
)
def test_namesakes_far_away_do_not_stand_for_the_place_at_the_front(gazetteer, name, place, lat, lon):
    """Within three kilometres of where it is known to lie."""
    found = [p for p in bearing(gazetteer, name).values() if _apart_km(p, lat, lon) < 3 and p.kind in SETTLEMENTS]
    assert [p.id.rstrip("-0123456789") for p in found] == [place]


def test_units_that_share_a_name_are_places_of_their_own(gazetteer):
    """City, raion and oblast; the district of a city; the town across the border."""
    assert {"donetsk", "donetsk.donetsk", "rostov.donetsk"} <= bearing(gazetteer, "Донецк").keys()
    assert {"kharkiv.kyivskyi-district", "odesa.kyivskyi-district"} <= bearing(gazetteer, "Київський район").keys()
    assert "donetsk.sloviansk" not in bearing(gazetteer, "Славянск-на-Кубани")
    assert "donetsk.toretsk" not in bearing(gazetteer, "Toretske")


def test_what_needs_a_kind_word_does_not_bear_the_bare_adjective(gazetteer):
    """ "Шевченківський" alone is no district of any city."""
    for word in ("Шевченківський", "Індустріальний", "Новобаварський"):
        assert not {
            i for i, p in bearing(gazetteer, word).items() if p.kind == "city_district" and not _marked(p, word)
        }


def _marked(place: Place, word: str) -> bool:
    """Whether the index knows the adjective only as one beside its kind word."""
    names = Gazetteer.load().named(word)
    return all("adjective" in n.flags for n in names if n.place_id == place.id)


# --- rows ------------------------------------------------------------------------------------------------------------


def test_the_register_is_there_whole():
    """29,703 settlements and 136 raions, each with its code, at least 22,000 of them checked."""
    settlements = [r for r in rows("places/*.csv") if r["katottg"] and r["kind"] in SETTLEMENTS]

    assert len(settlements) == len({r["katottg"] for r in settlements}) == 29_703
    assert sum(r["position"] == "checked" for r in settlements) >= 22_000
    assert all(r["name_local"] and r["accuracy_km"] for r in settlements)


def test_raions_of_russias_border_oblasts_have_a_nominal_point_and_no_outline():
    """It is an estimate for good: no source tells their shape."""
    raions = [r for r in rows("places/*.csv") if r["kind"] == "raion" and not r["katottg"]]
    counts = {o: sum(r["parent"] == o for r in raions) for o in ("kursk", "belgorod", "bryansk", "voronezh", "rostov")}

    assert counts == {"kursk": 28, "belgorod": 21, "bryansk": 27, "voronezh": 32, "rostov": 43}
    assert {r["position"] for r in raions} == {"estimated"}


def test_positions_by_hand_say_how_wide_they_are():
    """A site is never more exact than its maker could know."""
    for row in rows("sites.csv"):
        assert float(row["accuracy_km"]) >= 1
        assert row["position"] in ("unchecked", "estimated")


def test_a_part_of_a_city_lies_in_its_region(gazetteer):
    """Districts are no farther from a city of their region than cities are wide."""
    cities = [p for p in gazetteer.towns() if p.kind == "city"]
    for row in rows("sites.csv"):
        if row["kind"] == "city_district":
            own = [p for p in cities if p.parent == row["parent"]] or cities
            assert min(_apart_km(p, float(row["lat"]), float(row["lon"])) for p in own) < 45, row["id"]


def _apart_km(place: Place, lat: float, lon: float) -> float:
    if place.lat is None or place.lon is None:
        return 20_000
    return 111.2 * hypot(place.lat - lat, (place.lon - lon) * cos(radians(lat)))


def test_the_tables_stand_where_the_package_looks_for_them():
    """The folder that the package brings along is the one that people edit."""
    assert Path(FOLDER, "README.md").is_file() or Path(FOLDER, "regions.csv").is_file()
