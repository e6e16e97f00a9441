/** Sentences as customers write them, with what must be masked marked `[[kind|text]]`; written for this test. */
export const corpus = `
Hi, you can reach me at [[email|anna.lindqvist+shop@example.co.uk]] or on [[phone|+44 7700 900123]].
My name is [[name|Anna Lindqvist]] and my order 204518 has not arrived.
Please send the invoice to [[email|billing@northwind.example.com]], not to my private address.
The parcel was addressed to [[name|Robert Hale]], [[address|221 Baker Street]], London.
I paid with [[card|4111 1111 1111 1111]] and was charged twice, 49.90 each.
Card number [[card|5555555555554444]], expiry 09/28, please refund it.
My Amex [[card|378282246310005]] was declined three times yesterday.
Refund to IBAN [[iban|GB82 WEST 1234 5698 7654 32]] would be fine.
You can use [[iban|DE89370400440532013000]] for the transfer, thanks.
French account: [[iban|FR14 2004 1010 0505 0001 3M02 606]]
Spanish account [[iban|ES91 2100 0418 4502 0005 1332]], name on account [[name|Lucia Ortega]].
Our Swiss account is [[iban|CH93 0076 2011 6238 5295 7]].
The log says connection refused from [[ip|203.0.113.42]] at 10:15.
Requests come from [[ip|198.51.100.7]] and [[ip|2001:db8:85a3::8a2e:370:7334]], could you allow them?
Your site does not open on [[ip|fe80:0:0:0:200:f8ff:fe21:67cf]].
I accidentally posted my key [[secret|sk_live_51H8yQe2eZvKYlo2C0aB9]] in the chat, please revoke it.
The token [[secret|ghp_aB3dE5fG7hI9jK1lM3nO5pQ7rS9tU1vW3xY5]] stopped working.
AWS key [[secret|AKIAIOSFODNN7EXAMPLE]] is in the config by mistake.
Slack gave me [[secret|xoxb-123456789012-abcdefGHIJKL]], where do I put it?
Authorization: Bearer [[secret|eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NSJ9.dBjftJeZ4CVPmB92K27uhbUJU1p1r]]
The link https://shop.example/reset?token=[[secret|a8f5f167f44f4964]]&lang=en does not work.
I opened https://files.example/d?id=77&sig=[[secret|3q2-7wAAAB]] and got an error.
It is at https://[[secret|admin:hunter2]]@intranet.example/orders
My password is [[secret|Sunflower!42]], can you check why I cannot log in?
api key: [[secret|9f86d081884c7d65]] returns 401.
Call [[phone|(212) 555-0134]] after six please.
Phone [[phone|020 7946 0958]], ask for Mrs [[name|Hale]].
You may text me on [[phone|07700 900456]] when it ships.
Our office number is [[phone|+1 415 555 0132]], fax the same.
WhatsApp me: [[phone|+86 138 0013 8000]]
Kind regards, [[name|Marek Novak]]
Cheers, [[name|Siobhan O'Neill]]
Sincerely, [[name|Priya Raman]]
This is [[name|Tom Becker]] again about the broken kettle.
Ship it to [[address|14 Old Mill Lane]], please, it is the green door.
We moved to [[address|1600 Pennsylvania Avenue, Apt 4B]] last month.
New address: [[address|77 Harbour View Road]], Brighton.
Name: [[name|Elena Petrova]], email [[email|elena_petrova@mail.example]], phone [[phone|+7 495 123-45-67]].
Dr. [[name|Julia Brandt]] ordered it for the clinic.
Mr [[name|Adeyemi]] said he would call back.
Contact me via [[email|john(at)example(dot)com]] please.
Recipient: [[name|Hugo Martin]], he is at home after five.
The card [[card|4012 8888 8888 1881]] belongs to my wife.
Charge [[card|5424-1800-0000-0007]] instead of the old one.
JCB [[card|3530111333300000]] is not accepted, why?
Attn: [[name|Grace Kim]], second floor.
Mobile [[phone|415-555-0132]], landline [[phone|0161 496 0000]].
Hello, I am [[name|John Smith]] and live at [[address|5 Elm St]], Springfield.
I’m [[name|Sarah]], the order is under my husband.
My phone number is [[phone|5551234567]], call any time.
I am Still waiting for an answer.
The order number is 5551234567.
Thanks, please reply to [[email|j.smith@mail-box.example.org]] only.
Where is my order 100245889?
The tracking number is 1Z999AA10123456784 and nothing moves.
I ordered 3 kettles for 129.00 on 12/11/2026 and got 2.
Version 2.4.1.0 of your app crashes on Android 14.
My order number is 4111-2233-4455, placed at 10:45.
Why does https://shop.example/login?password=[[secret|letmein]] lead nowhere?
The link was https://shop.example/a?x=1&pwd=[[secret|abc]]&lang=en, it is dead.
https://api.shop.example/v1/orders?access_token=[[secret|opensesame]] answers 401, and api_key=[[secret|swordfish-four]] too.
Write to [[email|"anna lindqvist"@example.com]] please.
My card [[card|4111/1111/1111/1111]] was declined, valid 05/2027.
Our host [[ip|192.168.1.20]] version 2 does not answer.
The 1.2.3.4 release broke the export.
Since 2.0.1.7 version I see no prices.
https://shop.example/list?sort=price&auth_method=sms&page=3 is empty.
The discount code SPRING2026 does not work.
It costs 1,299.00 at your competitor, can you match it?
Opening hours are 9:00-17:30, is that right?
The model number is KX-4500-220V, does it work in the US?
Item 8806098765432 is out of stock, when will it be back?
Invoice INV-2026-004512 is missing the VAT line.
The street outside was blocked, so the driver left.
I want to talk to a manager about this.
Your policy says 30 days, it has been 12.
What is the difference between Earl Grey and Lady Grey?
Can I return it to the shop in Market Square?
The package weighs 12.5 kg and measures 40 x 30 x 20 cm.
Please cancel order #55821, I ordered the wrong size.
I am not happy, this is the third time this month.
Do you ship to New Zealand or South Korea?
The error code is 0x80070005 and the page is blank.
My name is on the waiting list, what happens next?
This is Urgent, please answer today.
My password is wrong again.
Is the API key free of charge?
The pin code never arrived.
Regards the delivery, nobody was at home on 3 March.
Our budget is 250 000 per year.
The parcel ref is 00340434161094042557.
Room 1204 is too cold, the heating is set to 19.5.
你好，我的手机号是[[phone|13800138000]]，麻烦回电。
链接 https://shop.example/login?token=[[secret|kaimen]] 打不开。
服务器[[ip|192.168.1.20]]版本太旧了。
升到 3.2.1.0 版以后就打不开了。
请打[[phone|186 1234 5678]]，白天都在。
座机[[phone|010-62345678]]，找[[name|王]]经理。
公司电话[[phone|0755-26010088]]，上班时间打。
客服电话[[phone|400-810-1234]]一直占线。
我叫[[name|李小明]]，订单还没到。
收件人：[[name|欧阳娜娜]]，电话[[phone|15912345678]]
收货人[[name|张伟]]，地址[[address|北京市朝阳区建国路88号]]。
姓名：[[name|陈静怡]]，身份证[[resident_id|11010519491231002X]]。
身份证号[[resident_id|310101199003074511]]，请帮我核实。
实名认证用的是[[resident_id|440306198511123022]]，一直不通过。
证件号码[[resident_id|510107197812013344]]填错了怎么改？
地址改成[[address|上海市浦东新区世纪大道100号]]，谢谢。
请寄到[[address|广东省深圳市南山区科技园路15号3栋2单元501室]]。
我搬家了，新地址是[[address|杭州市西湖区文三路478号]]。
送到[[address|成都市武侯区人民南路四段27号2号楼1203室]]，放门口。
住在[[address|阳光花园12栋3单元402]]，快递进不来。
发票请寄[[address|江苏省南京市鼓楼区中山北路200号]]。
银行卡[[card|6222021234567894]]被扣了两次。
退到[[card|6217001234567890122]]这张卡，户名[[name|刘芳]]。
信用卡号[[card|5424 1800 0000 0007]]支付失败。
邮箱是[[email|xiaoming.li@example.cn]]，把发票发过来。
请发到[[email|caiwu@kehu.example.com.cn]]，谢谢。
我的密码是[[secret|Qwer1234]]，登录不了。
验证码：[[secret|483920]]，怎么提示过期？
密钥：[[secret|b7e2c9d1f0a4]]，接口一直报错。
阿里云的[[secret|LTAI5tExampleKey1234]]泄露了怎么办？
打开 https://tea.example/pay?order=88&sign=1&token=[[secret|f3a9c1d2e8]] 是空白页
服务器[[ip|203.0.113.9]]连不上。
访问来源[[ip|192.0.2.146]]被拦截了，能放行吗？
我是[[name|周杰]]，昨天打过电话。
联系人：[[name|吴晓云]]，手机[[phone|+86 139 1234 5678]]。
让[[name|赵]]女士给我回个电话。
找一下[[name|孙]]先生，他之前处理过。
持卡人[[name|郑海涛]]，麻烦退款。
签收人是[[name|黄莉]]，不是我本人。
本人[[name|徐志强]]，要求退货。
手机[[phone|17700001234]]收不到短信。
备用号码 [[phone|199-8888-6666]]，下班后打。
寄回地址：[[address|武汉市洪山区珞喻路1037号]]，联系人[[name|何静]]收。
我的密码是不是被改了？
密码：忘记了怎么办
请寄到[[address|上海市徐汇区漕溪北路88号圣爱大厦1806室]]，[[phone|13912345678]]。
我是管理员，怎么加同事？
谢谢[[name|王]]经理的帮助。
加我微信[[handle|tea_lover88]]，发图给你。
QQ [[handle|123456789]]，方便的话加一下。
我住在南京路步行街附近，能自提吗？
我的订单号是 202611250012345，什么时候发货？
这个茶多少钱一斤？有优惠吗？
快递单号SF1234567890123一直没更新。
昨天下单的，今天还没发，急用。
包装破了，茶叶撒了一半，太失望了。
高山路上的那家店几点关门？
张家界有你们的门店吗？
我要两盒龙井，一共 398.00 元对吗？
优惠券 TEA2026 用不了。
什么时候能到？我周四就要用。
请问支持七天无理由退货吗？
2026年11月25日下的单，共3件。
这款是2025年的新茶吗？
客服态度很好，谢谢！
我想转人工，机器人听不懂。
王府井店今天营业吗？
上次买的铁观音味道不错，还有货吗？
发票抬头写错了，能改吗？
验证码收不到怎么办？
密码忘了怎么找回？
我是老顾客了，能便宜点吗？
我是第一次买，不太懂。
收件人写错了，能改吗？
联系人信息在哪里修改？
编号 8806098765432 还有库存吗？
和气生财，希望尽快解决。
安装说明第3页看不懂。
地铁2号线能到你们店吗？
电压220V，功率1500W，能用吗？
版本 3.2.1 打不开。
我想买128GB的，黑色。
`
  .trim()
  .split('\n')
  .map(parse)

export interface Marked {
  text: string
  spans: { kind: string; from: number; to: number }[]
}

/** One sentence with its marks taken out. */
export function parse(line: string): Marked {
  let text = ''
  const spans: Marked['spans'] = []
  let at = 0
  for (const match of line.matchAll(/\[\[(\w+)\|([^\]|]*)\|?\]\]/g)) {
    text += line.slice(at, match.index)
    const [, kind = '', what = ''] = match
    spans.push({ kind, from: text.length, to: text.length + what.length })
    text += what
    at = match.index + match[0].length
  }
  return { text: text + line.slice(at), spans }
}
