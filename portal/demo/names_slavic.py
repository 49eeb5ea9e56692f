"""Invented stock of Ukrainian, Russian and Georgian names; a family name with * takes -a for women."""

UKRAINIAN_MALE = """
Oleksandr/Olexandr/Alexander=Олександр
Andrii/Andrij/Andriy=Андрій
Serhii/Serhij/Sergej=Сергій
Mykola/Mikola/Nikolai=Микола
Volodymyr/Wolodymyr/Vladimir=Володимир
Dmytro/Dmitro/Dmitri=Дмитро
Yurii/Jurij/Yuriy=Юрій
Ihor/Igor=Ігор
Bohdan/Bogdan=Богдан
Vasyl/Wasyl/Vasil=Василь
Oleh/Oleg=Олег
Taras/Tarass=Тарас
Maksym/Maxim/Maksim=Максим
Yevhen/Jewhen/Evgeni=Євген
"""
UKRAINIAN_FEMALE = """
Oksana/Oxana=Оксана
Olena/Helena/Elena=Олена
Nataliia/Natalija/Natalia=Наталія
Iryna/Irina=Ірина
Yuliia/Julija/Yulia=Юлія
Kateryna/Katerina/Ekaterina=Катерина
Svitlana/Switlana/Svetlana=Світлана
Liudmyla/Ljudmyla/Ludmila=Людмила
Tetiana/Tetjana/Tatiana=Тетяна
Halyna/Galina=Галина
Anastasiia/Anastasija=Анастасія
Viktoriia/Wiktorija/Victoria=Вікторія
Mariia/Marija/Maria=Марія
Nadiia/Nadija/Nadia=Надія
Larysa/Larissa=Лариса
Olha/Olga=Ольга
Daryna/Darina=Дарина
Alina/Alyna=Аліна
"""
UKRAINIAN_FAMILY = """
Shevchenko/Schewtschenko/Sevcenko=Шевченко
Kovalenko/Kowalenko=Коваленко
Bondarenko/Bondarenco=Бондаренко
Tkachenko/Tkatschenko=Ткаченко
Kravchuk/Krawtschuk=Кравчук
Melnyk/Melnik=Мельник
Boiko/Bojko/Boyko=Бойко
Lysenko/Lyssenko=Лисенко
Savchuk/Sawtschuk=Савчук
Rudenko/Rudenco=Руденко
Petrenko/Petrenco=Петренко
Oliinyk/Olijnyk/Oleinik=Олійник
Marchenko/Martschenko=Марченко
Polishchuk/Polischtschuk=Поліщук
Moroz/Moros=Мороз
Hrytsenko/Gritsenko/Hryzenko=Гриценко
Panchenko/Pantschenko=Панченко
Zakharchuk/Sachartschuk=Захарчук
"""
RUSSIAN_MALE = """
Aleksei/Alexej/Alexey=Алексей
Sergei/Sergej/Sergey=Сергей
Ivan/Iwan=Иван
Mikhail/Michail=Михаил
Ruslan/Russlan=Руслан
Timur/Timour=Тимур
Aslan/Asslan=Аслан
Magomed/Mahomed/Muhammed=Магомед
Pavel/Pawel=Павел
Denis/Denys=Денис
"""
RUSSIAN_FEMALE = """
Elena/Jelena/Yelena=Елена
Olga/Olha=Ольга
Svetlana/Swetlana=Светлана
Zarema/Sarema=Зарема
Madina/Medina=Мадина
Natalya/Natalja/Natalia=Наталья
Irina/Iryna=Ирина
Aminat/Amina=Аминат
Ekaterina/Jekaterina=Екатерина
Larisa/Larissa=Лариса
"""
RUSSIAN_FAMILY = """
Ivanov/Iwanow=Иванов*
Magomedov/Magomedow=Магомедов*
Volkov/Wolkow=Волков*
Kuznetsov/Kusnezow=Кузнецов*
Dudaev/Dudajew/Dudayev=Дудаев*
Akhmatov/Achmatow=Ахматов*
Sokolov/Sokolow=Соколов*
Zakaev/Sakajew=Закаев*
Fedorov/Fjodorow=Федоров*
Isaev/Issajew=Исаев*
"""
GEORGIAN_MALE = """
Giorgi/Georgi=გიორგი
Davit/David=დავით
Levan/Lewan=ლევან
Nika/Nica=ნიკა
Zurab/Surab=ზურაბ
Irakli/Irakly=ირაკლი
"""
GEORGIAN_FEMALE = """
Nino/Ninno=ნინო
Tamar/Tamari=თამარ
Ketevan/Ketewan=ქეთევან
Mariam/Maryam=მარიამ
Natia/Natja=ნათია
Eka/Ekaterine=ეკა
"""
GEORGIAN_FAMILY = """
Beridze/Beridse=ბერიძე
Kapanadze/Kapanadse=კაპანაძე
Gelashvili/Gelaschwili=გელაშვილი
Lomidze/Lomidse=ლომიძე
Maisuradze/Maissuradse=მაისურაძე
Kvaratskhelia/Kwarazchelia=კვარაცხელია
"""
