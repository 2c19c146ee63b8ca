// The commonest passwords, in lower case: those that every list of guesses begins with, and what people make of them
// where a policy asks for upper case, digits and symbols. Written for this project; it is always there, without a file.

const text = `
123456 123456789 12345678 1234567 1234567890 12345 123123 123321 111111 000000 654321 666666 696969 777777 888888 999999
112233 121212 123123123 1q2w3e 1q2w3e4r 1q2w3e4r5t 1qaz2wsx 1qaz@wsx !qaz2wsx 1qazxsw2 qazwsx qazwsxedc zaq12wsx zaq1zaq1
987654321 87654321 7654321 147258369 159753 159357 789456123 741852963 11111111 00000000 12341234 123654 131313 101010
qwerty qwertz azerty qwertyuiop qwerty1 qwerty12 qwerty123 qwerty1234 qwerty12345 qwerty123! qwerty1! qwerty@123 qwerty!23
qwer1234 qwer1234! asdfgh asdfghjkl asdf1234 asdfasdf asdf123! zxcvbn zxcvbnm zxcvbnm1 zxcv1234 qweasd qweasdzxc q1w2e3r4
q1w2e3r4t5 abc123 abcd1234 abcd1234! abcd@1234 abcdef abc12345 abc123! a1b2c3 a1b2c3d4 aa123456 aa123456! a123456 a12345678
a123456789 aaaaaa aaaaaaaa abcabc abcdefgh 1a2b3c4d aa12345678 asd123 asd123456 zzzzzz xxxxxx
password password1 password12 password123 password1234 password12345 password! password1! password12! password123!
password1234! password@1 password@12 password@123 password@1234 password#1 password#123 password.1 password2 password2!
password01 password01! password2020 password2021 password2022 password2023 password2024 password2025 password2026
password2020! password2021! password2022! password2023! password2024! password2025! password2026! pass pass123 pass1234
pass@123 pass@1234 pass123! pass1234! passw0rd passw0rd! passw0rd1 passw0rd1! passw0rd123 passw0rd123! p@ssword p@ssword1
p@ssword1! p@ssword123 p@ssword123! p@ssw0rd p@ssw0rd! p@ssw0rd1 p@ssw0rd1! p@ssw0rd12 p@ssw0rd123 p@ssw0rd123! p@ssw0rd1234
p@$$w0rd p@$$w0rd1 p@$$w0rd! p@$$w0rd123 p@$$word p@$$word1 pa$$word pa$$w0rd pa$$w0rd1 pa$$w0rd! pa55word pa55w0rd pa55w0rd!
passwort passwort1 passwort1! passwort123 passwort123! kennwort motdepasse contraseña contrasena senha senha123 parola haslo
wachtwoord heslo salasana lösenord
welcome welcome1 welcome1! welcome12 welcome123 welcome123! welcome1234 welcome@1 welcome@123 welcome@1234 welcome2020
welcome2021 welcome2022 welcome2023 welcome2024 welcome2025 welcome2023! welcome2024! welcome2025! welcome2026! welc0me
welc0me1 welc0me! willkommen willkommen1 willkommen1! hello hello123 hello123! hello1 hello1! hello@123 hellohello
admin admin1 admin12 admin123 admin123! admin1234 admin1234! admin12345 admin@1 admin@12 admin@123 admin@1234 admin@12345
admin!23 admin#123 adm1n administrator administrator1 administrator1! administrator123 root root123 root1234 toor changeme
changeme1 changeme1! changeme123 changeme123! changeit change_me letmein letmein1 letmein1! letmein123 letmein123! letme1n
default default1 default123 guest guest123 user user123 user1234 user@123 test test1 test12 test123 test123! test1234
test1234! test@123 test@1234 testing testing1 testing123 testing123! testtest temp temp123 temp123! temp1234 temporary1!
demo demo123 demo1234 master master1 master123 manager manager1 secret secret1 secret123 secret123! secret1! supersecret
access access14 login login123 oracle oracle123 system mysql postgres postgres1 cisco cisco123 server samsung google google1
company company1 company123 office office123 internet computer computer1 qwaszx qwerty7 india@123 abc@123 abc@1234 xyz@123
iloveyou iloveyou1 iloveyou1! iloveyou2 iloveyou! iloveu loveme lovely love123 loveyou ilovegod ilovejesus jesus jesus1 jesus123
god heaven angel angel1 angels blessed blessed1 faith forever family freedom friends friend happy happy1 happy123 sunshine
sunshine1 sunshine1! sunshine123 princess princess1 princess1! princess123 babygirl babygirl1 baby babyboy butterfly flower
flowers cookie cookies chocolate chocolate1 cheese banana orange apple apple123 cherry peanut pepper ginger sugar honey candy
dragon dragon1 dragon1! dragon123 monkey monkey1 monkey1! monkey123 tigger tiger tiger123 lion eagle eagles dolphin dolphins
falcon hunter hunter1 hunter2 wolf bear kitten kitty puppy buster bailey charlie charlie1 daisy lucky lucky7 max maggie molly
rocky shadow shadow1 smokey snoopy sparky toby
football football1 football1! football123 baseball baseball1 basketball basketball1 soccer soccer1 hockey golf tennis chelsea
chelsea1 arsenal arsenal1 liverpool liverpool1 liverpool1! barcelona barcelona1 juventus realmadrid manchester manutd cowboys
steelers lakers yankees redsox broncos packers patriots rangers raiders
superman superman1 superman123 batman batman1 batman123 spiderman ironman starwars starwars1 pokemon pokemon1 pikachu naruto
minecraft minecraft1 minecraft123 fortnite roblox zelda matrix trustno1 trustno1! killer ninja pirate wizard warrior hacker
mustang mustang1 ferrari porsche corvette camaro harley yamaha honda toyota mercedes
michael michael1 jordan jordan1 jordan23 jennifer jessica jessica1 ashley ashley1 amanda nicole nicole1 daniel daniel1 andrew
andrea anthony anthony1 matthew matthew1 joshua joshua1 robert thomas thomas1 george charlotte william hannah samantha sophie
michelle michelle1 melissa stephanie lauren olivia david david1 james richard steven maria patrick alexander alexandra martin
summer summer1 summer1! summer123 summer2020 summer2021 summer2022 summer2023 summer2024 summer2025 summer2023! summer2024!
summer2025! summer2026! winter winter1 winter1! winter123 winter2020 winter2021 winter2022 winter2023 winter2024 winter2025
winter2023! winter2024! winter2025! winter2026! spring spring1 spring2023 spring2024 spring2025 spring2024! spring2025!
spring2026! autumn autumn1 autumn2023 autumn2024 autumn2025 autumn2024! autumn2025! autumn2026! fall2024! fall2025! january1
january1! february1 march2024! april2024! may2024! june2024! july2024! august1 august2024! september1 october1 october2024!
november1 november2024! december1 december2024! monday1 monday1! friday1 friday1! sommer2024! sommer2025! sommer2026!
london london1 london123 paris newyork boston chicago texas dallas houston phoenix phoenix1 america america1 england germany
mexico india india123 pakistan canada australia brazil brasil
starwars123 whatever whatever1 nothing nothing1 blink182 fuckyou fuckyou1 fuckyou! asshole bitch pussy sexy sexy123 computer123
mypassword mypassword1 mypassword1! mypass newpassword newpassword1 newpassword1! newpass1! nopassword thepassword yourpassword
passpass passwordpassword topsecret topsecret1! letmein! opensesame abracadabra correcthorsebatterystaple
`

const passwords: ReadonlySet<string> = new Set(text.split(/\s+/).filter((word) => word !== ''))

/** Whether a password is one of the commonest, whatever its case. */
export const isCommon = (password: string): boolean => passwords.has(password.toLowerCase())
