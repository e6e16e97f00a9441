/** Passwords of ten characters and more that everybody tries first; shorter ones are refused for their length. */

const words = `
1234567890 0123456789 9876543210 0987654321 1122334455 1234512345 1234567891 12345678910 123456789a 123456789q
1q2w3e4r5t 1q2w3e4r5t6y 1qaz2wsx3edc qazwsxedcrfv q1w2e3r4t5 q1w2e3r4t5y6 qwertyuiop qwertyuiop123 qwerty1234 qwerty12345
qwerty123456 1234qwerty 12345qwert 123qweasdzxc asdfghjkl1 asdfghjkl; zxcvbnm123 poiuytrewq qweasdzxc1 abcd123456
abc1234567 abcdefghij abcdefg123 a123456789 aa12345678 aa123456789 woaini1314 woaini1314520 5201314520
1314520520 5201314woaini iloveyou12 iloveyou123 iloveyou1234 iloveyou520 password12 password123 password1234 password12345
passw0rd123 p@ssw0rd123 p@ssword123 password!1 password123! passwordpassword mypassword letmein123 letmein1234 welcome123
welcome1234 welcome2024 welcome2025 welcome2026 admin12345 admin123456 administrator adminadmin rootroot12 root123456
changeme123 changemenow default123 test123456 testtest12 testing123 demo123456 user123456 guest12345 support123
football123 baseball123 basketball superman123 batman1234 dragon1234 monkey1234 sunshine123 princess123 princess12
michael123 charlie123 jennifer12 liverpool1 chelsea123 barcelona1 manchester starwars123 pokemon123 computer123
internet123 samsung123 google1234 facebook123 linkedin123 summer2024 summer2025 summer2026 winter2024 winter2025
spring2025 spring2026 autumn2025 january2025 november2026 lingxi1234 lingxi12345 customer123 helpdesk123 secret1234
trustno1trustno1 whatever123 q123456789 z123456789 asd123456789 asdf123456 qwe123456789 zxc123456789 11111aaaaa a1b2c3d4e5
147258369a 1472583690 0147258369 789456123a 7894561230 159357159357 1357924680 2468013579 3141592653 31415926535
`

/** Lower-case. */
export const commonPasswords: ReadonlySet<string> = new Set(words.split(/\s+/).filter(Boolean))
