package sessions

import "strings"

// keyboardRows are ways of fingers over keyboards, there and back.
var keyboardRows = func() (rows []string) {
	for _, row := range []string{
		"`1234567890-=", "qwertyuiop[]", "asdfghjkl;'", "zxcvbnm,./", "~!@#$%^&*()_+",
		"qwertzuiopü", "yxcvbnm", "azertyuiop", "qsdfghjklm", "wxcvbn",
		"1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p", "1q2w3e4r5t6y7u8i9o0p", "q1w2e3r4t5y6u7i8o9p0",
		"qazwsxedcrfvtgbyhnujmikolp", "qweasdzxcrtyfghvbnuiojklm", "zaq1xsw2cde3vfr4bgt5nhy6mju7",
		"147258369", "159357", "741852963", "a1b2c3d4e5f6g7h8i9j0", "1a2b3c4d5e6f7g8h9i0j",
	} {
		rows = append(rows, row, reversed([]rune(row)))
	}
	return rows
}()

// commonWords are what people put together when they need 15 characters.
var commonWords = func() map[string]bool {
	words := map[string]bool{}
	for _, word := range strings.Fields(wordList) {
		words[word] = true
	}
	return words
}()

const wordList = `
password passwords passwort passw pass passwd pwd passphrase passcode mypassword mypass motdepasse contrasena parola wachtwoord haslo senha heslo salasana
keystead secret secrets secure security safe key keys apikey token credential credentials login logon signin signup account accounts user users username name
admin admins administrator administrators administration root toor superuser super system sysadmin operator manager master owner guest demo test tests testing tester
default changeme change changeit letmein letme openup opensesame open sesame enter welcome willkommen bienvenue hello hallo hola bonjour hi goodbye goodmorning goodday
server servers service services database network internet website computer laptop desktop windows linux ubuntu debian microsoft google apple amazon facebook twitter github
docker kubernetes cloud aws azure oracle mysql postgres sqlite redis nginx apache production staging development dev prod local localhost example sample temp temporary
company corporate office work team support helpdesk helpme contact info mail email web www com org net
iloveyou iloveu ilove loveyou loveme love lover loves lovely truelove mylove sweetheart sweet honey baby babygirl babyboy darling angel princess prince queen king kitty
god jesus christ jesuschrist heaven faith hope grace blessed allah bismillah angels devil hell satan
the and this that these with from your yours mine thisis thisisa thisismy iam ihave myname youare forever always never ever again together because please plz thanks thankyou
very much more many nothing something everything anything everyone someone nobody whatever whenever
one two three four five six seven eight nine ten hundred thousand million first last onetwothree
monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november december
spring summer autumn fall winter season day night today tomorrow yesterday morning evening weekend holiday christmas birthday happy newyear halloween easter
monkey dragon tiger lion eagle falcon hawk wolf bear dog dogs cat cats doggy puppy kitten horse pony fish shark dolphin bird snake spider chicken turkey rabbit bunny mouse
shadow sunshine sun moon star stars sky rainbow flower flowers rose lily daisy butterfly diamond silver gold golden crystal fire water ice earth wind storm thunder lightning
red blue green yellow orange purple pink black white brown grey gray color blackandwhite
football soccer baseball basketball hockey tennis golf cricket rugby swimming running player game games gamer gaming playstation xbox nintendo pokemon minecraft fortnite
batman superman spiderman ironman starwars matrix harrypotter hogwarts gandalf lordoftherings frodo naruto pikachu mario sonic zelda wizard magic ninja pirate warrior knight
chelsea arsenal liverpool manchester manchesterunited barcelona realmadrid juventus bayern lakers yankees cowboys steelers patriots eagles packers
london paris berlin madrid rome newyork chicago boston dallas texas florida california america american england germany france italy spain canada mexico brazil india china russia
michael jennifer jessica michelle ashley amanda nicole jordan daniel andrew joshua matthew anthony robert william richard charles thomas david james john joseph
mary maria anna emma sarah laura sophie charlie george jack harry oliver oscar max lucky buddy rocky bella coco maggie molly ginger pepper cookie chocolate
banana apple cherry strawberry peach lemon coffee tea beer wine whiskey vodka pizza cheese butter bread sugar candy chocolate bacon sausage hamburger
mother father mom dad mama papa brother sister family friend friends bestfriend children son daughter girl girls boy boys man men woman lady wife husband
music guitar piano drums metallica nirvana eminem beatles rockandroll rock rockstar dance dancer singer song movie
freedom liberty peace power money cash dollar million billionaire rich success winner number numberone forever21 trustno trustnoone trustno1 nopassword nopass none
school college university student teacher science mathematics history english hospital doctor nurse police army navy marine soldier captain sergeant
car cars ferrari porsche mercedes mustang corvette camaro honda toyota yamaha harley davidson bike motorcycle truck
fuckyou fuckoff fuck fucking shit asshole bitch sexy sex hot cool awesome amazing great best good nice crazy stupid idiot hacker hacked killer badboy badass whatthefuck
qwerty qwert qwer asdf zxcv qwertz azerty abc abcd xyz
correcthorsebatterystaple correct horse battery staple loremipsum lorem ipsum dolor quickbrownfox thequickbrownfox jumpsoverthelazydog quick fox lazy jumps over
maytheforcebewithyou tobeornottobe iamyourfather winteriscoming oncetime onceuponatime supercalifragilistic abracadabra hakunamatata donttellanyone youshallnotpass whatisthepassword
`
