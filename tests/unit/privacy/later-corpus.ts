/** Sentences that were written after the patterns, three times, and tried once before what they showed was mended: what others' sentences may meet. */
import { parse } from './corpus'

const first = `
hiya, its [[name|Rebecca]] from number 12, still nothing
ok so my num is [[phone|07911 123456]] dont ring before 9
pls use [[email|k.osullivan@northmail.example]] instead of the one on file
I'd prefer a callback on [[phone|+353 87 123 4567]] tmrw
The bank says [[iban|IE29 AIBK 9311 5212 3456 78]] is correct, your page says it isn't
Visa ending? it's [[card|4539 1488 0343 6467]], exp 11/26
tried [[card|6011000990139424]] & [[card|5105-1051-0510-5100]] both bounced
Can you forward the box to [[address|48 Lower Hill Road]] in Epsom?
We're at [[address|Unit 7, 120 Old Kent Road]] now
deliver to [[address|9 st johns lane]] please
Post it to [[address|PO Box 771]], Leeds
Best, [[name|Mateo]]
Hi there, [[name|Priyanka Desai]] here, order 99120
Dear [[name|Thomas]], thank you for your help yesterday
Mrs. [[name|O'Connor]] asked me to write
my wife's name is [[name|Gabriela Santos]] and she placed it
I'm [[name|Kwame]], we spoke on Tuesday.
The account holder is [[name|Leonard Fisk]].
login from [[ip|77.88.55.60]] at 3am wasn't me
We whitelist [[ip|2a00:1450:4009:80b::200e]] only
is [[ip|9.9.9.9]] your resolver?
Here: https://app.example.com/magic/[[secret|Zk29dLq81mVx0PqT]] it just loops
OPENAI_API_KEY=[[secret|sk-proj-4fJ8sLq29vTz71BdXw0pR5nKcY3mHa6E]] leaked
X-Api-Key: [[secret|b31f0c77e5d24a0c]] gets a 403
the otp was [[secret|730264]] and expired at once
password: [[secret|Tr0ub4dor&3]]
Use ref 2026-11-0042 for the bank
Order #WEB-448-2231 is wrong
my order's number: 7719 2204 118
Ticket 1002-3345-88 closed?
It's Friday and still nothing
I am Confused about Clause 4.2.1.1
I'm British, so VAT applies?
we need 4 x 250 ml at 12.50
Opening times 09.00-17.30 Mon-Fri
The lot number is L20261101-0045
Firmware v3.11.0.2 loses the settings
Postcode finder says no results
I am Not Happy
This Is Getting Silly
A refund of 1.250,00 EUR by 03.12.2026 please
UPS says 1ZE83A545192635139
Part no. 06A 107 065 AK fits?
Call of Duty bundle, is it in?
the driver called 3 times between 10.00 and 12.30
Thanks for nothing
hello again
Dear Customer Service
My name was misspelt
您好，我姓[[name|欧阳]]，上周下的单
我这边是[[phone|13512348888]]，微信同号
打我电话吧[[phone|１８６１２３４５６７８]]
座机是[[phone|021-5888 1234]]转分机
家里电话[[phone|0571 8765 4321]]
麻烦寄到[[address|西安市雁塔区科技二路68号秦风阁5楼]]
地址：[[address|福建省厦门市思明区湖滨南路334号]]，[[name|林志强]]收
放到[[address|翠竹苑3栋2单元]]门口就行
收货人改成[[name|邓丽华]]可以吗
我是[[name|赵敏]]，前天咨询过
我叫[[name|诸葛云飞]]，要开发票
找[[name|韩雪]]女士核实
联系人 [[name|郭晓东]] 手机 [[phone|158-0000-1234]]
姓名：[[name|古丽努尔]]，民族填错了
身份证 [[resident_id|11010519491231002X]] 传不上去
银行卡号6开头的那张[[card|6212345678901232]]
支付宝账号是[[email|wanglei_88@126.com]]
加v：[[handle|wx_2026tea]]
密码设成[[secret|Abc12345]]了登不上
验证码[[secret|889012]]不对
ip是[[ip|114.114.114.114]]
我是来问发票的
我是高中老师，要教师优惠
我是商家，怎么入驻
我是你们的老客户
店里经理说可以退
和你们主任反映一下
打了三次电话没人接
运单号773012345678901查不到
3月15号下的单，到现在没动静
型号是AX-300-220，功率75W
客户编号 2026-0012-3345
高铁上信号不好
第2期账单少了12.5元
叫个师傅上门装一下
我叫不到车，能改明天送吗
白色的还有吗
周五前能到吗
江南路店几点开门
万一坏了怎么办
联系人电话写错了怎么改
收件人是公司
`

const second = `
Good morning, this is [[name|Fiona Gallagher]] from accounts payable.
im [[name|dave]], order still pending
My husband [[name|Gregory Stone]] collected it
Yours faithfully, [[name|A. Pemberton]]
~ [[name|Nikolas]]
Could you ring me back on [[phone|0115 496 0212]]?
Tel.: [[phone|+49 (0) 30 901820]]
Mob: [[phone|0412 345 678]]
phone no [[phone|604-555-0199]] ext 22
Text [[phone|+1 (604) 555-0143]] when outside
my cell's [[phone|9175550188]]
whatsapp [[phone|0034 612 345 678]]
You have my old e-mail ([[email|s_brown1987@oldmail.example]])
mailto:[[email|orders@kleinbetrieb.example]]
e-mail: [[email|MARTA.KOWAL@FIRMA.EXAMPLE]]
it's [[email|jo.bloggs AT example DOT org]]
Mastercard [[card|5555 5555 5555 4444]] exp. 01/29 CVC [[card|737]]
[[card|3782-822463-10005]] is amex
Debit card no. [[card|6759649826438453]] was used
charged to [[card|4000 0566 5566 5556]], not authorised by me
IBAN [[iban|NL91ABNA0417164300]], BIC ABNANL2A
Konto: [[iban|AT61 1904 3002 3457 3201]] bitte
pay back into [[iban|GB33BUKB20201555555555]] ta
account: [[iban|FR7630006000011234567890189]].
From [[ip|172.16.254.1]], port 443
IPv6 [[ip|2606:4700:4700::1111]] fails too
traceroute stops at [[ip|4.69.140.218]]
My flat is at [[address|31B Cromwell Rd]], SW7
Billing address: [[address|742 Evergreen Terrace]], Springfield
Change it to [[address|Suite 400, 1 Market Street]]
come to [[address|22 rue des Lilas]] in Lyon
Ich wohne [[address|Schillerstraße 14]]
shipping to [[address|1200 W 5th Street]] pls
Lives at [[address|17 The Crescent]], Bath
token=[[secret|9af3c0e1b2]] in the URL
key AWS: [[secret|AKIAIOSFODNN7EXAMPLE]]
passwd=[[secret|S3cr3t_99]]
My login is bob and password is [[secret|qwerty!23]]
Authorization: Basic [[secret|dXNlcjpwYXNzd29yZDEyMw==]]
ftp://[[secret|app:hunter22]]@db.example/main
https://files.example/share/[[secret|f83kd92ms01kd82l]]
the 2FA code [[secret|118 204]] does not work
您好，我是[[name|孙悦]]，之前打过电话
鄙人姓[[name|慕容]]
我是[[name|刘志远]]的订单怎么还没发
收货人：[[name|艾力·买买提]]
收件人[[name|何佳]]，电话[[phone|15011112222]]，地址[[address|长沙市岳麓区麓山南路2号]]
联系人[[name|钱多多]]手机[[phone|133 3333 4444]]
请联系[[name|冯]]总，[[phone|0512-66778899]]
快递放[[address|万科城市花园8栋1201]]
家庭住址是[[address|天津市和平区南京路189号津汇广场2座1508室]]
寄[[address|河北省保定市莲池区五四东路180号]]
我在[[address|朝阳区望京街10号]]上班
单位：[[address|苏州工业园区星湖街328号]]
[[address|重庆市渝北区金开大道1003号附2号]]，别送错
手机换成[[phone|+86-18900001111]]了
打[[phone|(0731)88776655]]没人接
回电[[phone|139.1234.5678]]
我微信[[handle|zhang_san99]]
邮箱[[email|li.na＠example.com]]
身份证[[resident_id|310101199003074511]]和姓名[[name|陈静]]不符
密码是[[secret|Tea@2026]]
验证码是[[secret|5521]]
token是[[secret|a8f9c0d1e2]]
服务器地址[[ip|47.95.1.20]]
Please hold order 88-2231-7 until Monday
Batch 2026/11/04 lot 7781
I'm from Berlin and I love tea
This is Why I left
Is Mark Down sale still on?
I'm Ok
I am on the 5th floor
Hello Kitty mug is cracked
We bought 3 Lane Assist kits
Size 10.5 or 11?
Ratio 1:4:9
Ref: 2210-3344-55
Dear team, thanks
A4 paper 80 gsm 500 sheets 12 packs
invoice 20261104-0012 over 1.299,00
call center is closed
GPS 51.5074, -0.1278
my name isn't shown
hi, is it in stock
The code SAVE20 at checkout
IP65 rated?
pin number not received
I am With the courier now
我是想换货
我是下午三点后在家
收货地址能改吗
经理您好
陈年普洱还有吗
第12号仓库发货吗
白茶和绿茶哪个好
单号 JT5210012345678
电话一直占线
[[name|高]]先生的茶叶店是你们开的吗
一共买了3箱12瓶
我要开13%的发票
时间改到2026-12-05 14:00
名字可以刻在杯子上吗
联系人加一个可以吗
我是金牛座
`

const third = `
Hello, I'm writing on behalf of [[name|Daniela Rossi]].
The order was placed by [[name|Henrik Larsen]] on Monday.
Please change the name from [[name|Maria]] to [[name|Marie]].
I spoke to [[name|Kevin]] yesterday and he promised a refund
My surname is [[name|Wojciechowski]]
first name: [[name|Ines]], last name: [[name|Duarte]]
The invoice should be made out to [[name|Patricia Holm]]
Thanks in advance, [[name|Oliver Grant]]
[[name|Laura]] here. Any news?
deliver it to my neighbour Mr [[name|Osei]]
Mein Name ist [[name|Jürgen Wolff]]
c/o [[name|Sandra Meier]], [[address|Bahnhofstrasse 21]]
you can get me at [[phone|(0)20 7946 0111]]
number: [[phone|0191 498 0001]]
[[phone|+81-3-1234-5678]] is our Tokyo line
Fax [[phone|+1.212.555.0188]]
sms to [[phone|07700900321]] only
phone [[phone|206 555 0100]] or [[phone|206-555-0101]]
my mail: [[email|peter.parker+news@sub.domain.example]];
<[[email|help.me@inbox.example]]>
[[email|first.last @ company.example]]
card no [[card|4242424242424242]] cvc [[card|123]] exp 12/29
Amex [[card|371449635398431]]
my maestro [[card|6759 6498 2643 8453]]
Iban:[[iban|be71096123456769]]
transfer to [[iban|PT50 0002 0123 1234 5678 9015 4]] today
ip [[ip|85.214.132.117]]:443
our gateway ([[ip|2a01:4f8:c17:b8f::2]]) is down
apikey=[[secret|7d9f2a6b1c4e]]
secret: [[secret|hunter2!]]
Slack hook https://hooks.slack.com/services/[[secret|T0000001/B0000001/XXXXyyyyZZZZ1111]]
face token [[secret|hf_aB3dE5fG7hI9jK1lM3nO5pQ7rS9t]]
session_id=[[secret|a81bc81b-dead-4e5d-abff-90865d1e13b1]]
PIN is [[secret|4821]]
address: [[address|55 Rue du Faubourg]], Paris
I'm staying at [[address|14 Harbour Street]]
send to [[address|Apt 5, 88 North Ave]]
ship: [[address|2301 Ocean Blvd]]
请把名字[[name|李建国]]改成[[name|李建业]]
订单是[[name|周文]]下的
我老公叫[[name|吴志刚]]
寄给[[name|沈佳]]，电话[[phone|13611112222]]
我的名字叫[[name|萧然]]
联系人是[[name|余]]小姐
客户[[name|唐丽]]投诉
[[name|郝]]先生您好
经办人：[[name|尹正]]
电话号码[[phone|0592-5551234]]
手机[[phone|18600000000]]（[[name|杜]]女士）
微信号：[[handle|cha_2026]]
密码[[secret|qwe123456]]不对
地址在[[address|郑州市金水区花园路39号国贸中心B座1502]]
收货[[address|昆明市五华区翠湖南路4号]]
老家在[[address|柳林镇张家村56号]]
发[[address|南山区高新南七道2号]]
`

export const laterCorpus = [first, second, third].map((lines) => lines.trim().split('\n').map(parse))
