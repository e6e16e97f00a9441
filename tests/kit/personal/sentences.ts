/** What customers write around something personal; `{}` is where it stands. Written for tests, without looking at any pattern. */

export type Kind = 'card' | 'iban' | 'resident_id' | 'phone' | 'email' | 'ip' | 'key' | 'opaque' | 'address' | 'name'

const lines = (text: string): string[] => text.trim().split('\n')

export const english: Record<Kind, string[]> = {
  card: lines(`
I paid with {} and was charged twice.
my card {} 12/27 was declined
Card: {} exp 09/28 cvv ~123~, please try again
{} 09/28 please charge this one
use {} instead of the old one
The card {}, expiry 03/2027, belongs to my wife.
Why was {} debited 49.90 on 12/11/2026?
here is the number {} and I need the refund today
({}) is the card on the account
order 204518 was paid by {} last week`),
  iban: lines(`
Refund to IBAN {} would be fine.
You can use {} for the transfer, thanks.
my account is {} and the name is on the invoice
IBAN: {}
please send the money to {} by Friday
{} is where the deposit should go
The wrong account was {}, the right one follows.
transfer it to {} asap pls
Our bank details: {} BIC follows tomorrow
is {} the account you have on file?`),
  resident_id: lines(`
My Chinese ID is {} and the form refuses it.
ID number {}, please verify
the passport desk has {} on file
{} is the identity number of my husband
I typed {} twice and it still says invalid.
identity card: {}`),
  phone: lines(`
Call me on {} after six please.
You can reach me at {} or by mail.
my number is {} and I am free tomorrow
{} is my mobile
Phone: {}
please text {} when it ships
Ring {}, ask for the kitchen.
our office number changed to {}.
WhatsApp me at {}, thanks
if nobody opens, call {} and wait
contact number {} for the courier`),
  email: lines(`
Please send the invoice to {} today.
{} is the address that I signed up with
my email is {}
write to {}, not to the shop
I never got the code at {}.
Contact: {}
can you change it from {} to another one?
mail me ({}) the label please`),
  ip: lines(`
The log says connection refused from {} at 10:15.
Requests come from {} and should be allowed.
our server {} is blocked
ping {} does not answer
please whitelist {}, it is our office
I was signed in from {} but that was not me
ip: {}
host {} times out`),
  key: lines(`
I accidentally posted my key {} in the chat.
The token {} stopped working.
we use {} in production, is that safe?
api key: {}
please revoke {} now
STRIPE_KEY={}
why does {} return 401?
{} was in the repository by mistake`),
  opaque: lines(`
The link https://shop.example/reset?token={}&lang=en does not work.
I opened https://files.example/d?id=77&signature={} and got an error.
https://shop.example/login?reset_token={} is blank
curl -H "Authorization: Bearer {}" fails
it redirects to https://id.example/cb?refresh_token={}#top
client_secret={} is refused
https://bucket.example/a.pdf?X-Amz-Signature={}&x=1 expired
https://shop.example/verify/{} says expired
aws_secret_access_key={}
access-token={} is wrong?`),
  address: lines(`
Please deliver to {}, it is the green door.
We moved to {} last month.
ship it to {}
My address is {} and the courier cannot find it.
{} is where I live
Old address: {}. The new one follows.
I live at {}, second floor.
the parcel went to {} by mistake`),
  name: lines(`
My name is {} and my order has not arrived.
I am {}, I ordered last week.
This is {} again about the broken kettle.
Kind regards, {}
Recipient: {}, he is at home after five.
Name: {}
The parcel was addressed to {}, not to me.
I'm {} from the flat upstairs.
name on the card is {}, please check
Best regards,|{}
Hello, my name is {}. The lid is broken.
Cheers, {}`),
}

export const chinese: Record<Kind, string[]> = {
  card: lines(`
银行卡{}被扣了两次。
退到{}这张卡吧
我的卡号是{} 有效期09/28 安全码~123~
信用卡{}支付失败怎么办
卡号：{}，麻烦退款
用{}付的款，订单还没到
请把钱退回{} 12/27 谢谢`),
  iban: lines(`
请退到 {} 谢谢
国际账户是{}，麻烦核对
IBAN：{}
我用{}收款可以吗
账号 {} 转账失败`),
  resident_id: lines(`
身份证号{}，请帮我核实。
身份证：{}
实名认证用的是{}一直不通过
我的证件号码是{}填错了怎么改
{}是我本人的身份证
证件 {} 提示已被使用`),
  phone: lines(`
我的手机号是{}，麻烦回电。
请打{}找我
电话{}打不通
{}这个号码收不到短信
收货电话：{}
白天打 {} 都在
联系方式{}请尽快联系我
备用号码{}，下班后打`),
  email: lines(`
邮箱是{}，把发票发过来。
请发到{} 谢谢
我用{}注册的
邮箱：{}
验证邮件没发到{}这里`),
  ip: lines(`
服务器{}连不上。
访问来源{}被拦截了，能放行吗？
我们公司的出口是{}
登录地址显示 {} 不是我
ip：{}`),
  key: lines(`
我的密钥{}泄露了怎么办？
接口用{}一直报错
token：{}
不小心把{}发到群里了
{}还能用吗`),
  opaque: lines(`
打开 https://tea.example/pay?order=88&sign=1&token={} 是空白页
链接 https://tea.example/r?reset_token={} 过期了
https://tea.example/verify/{} 打不开
请求头是 Authorization: Bearer {} 还是401
client_secret={} 不对吗`),
  address: lines(`
地址改成{}，谢谢。
请寄到{}。
我搬家了，新地址是{}
送到{}，放门口就行。
收货地址：{}
我住在{}，快递进不来
寄回{}可以吗`),
  name: lines(`
我叫{}，订单还没到。
我叫{}我要退款
我是{}想查一下订单
收货人{}电话打不通
收件人：{}，麻烦改一下
姓名{}身份证已经上传
联系人是{}请打给他
户名{}，请核对
本人{}要求退货
持卡人{}已经确认
我的名字是{}
签收人是{}不是我
找{}先生接电话`),
}

/** Sentences that may stand before or after, with nothing personal in them. */
export const neighbours = {
  en: lines(`
It has been two weeks now.
please hurry, it is a present
Order 204518 of 12/11/2026.
Thanks!
I tried 3 times.
It cost 49.90 EUR.
no answer so far
Tracking says delivered at 10:45.`),
  zh: lines(`
已经等了两个星期了。
麻烦快一点，要送人的
订单202611250012345。
谢谢！
试了3次都不行。
一共398.00元
一直没人回复
昨天10:45显示已签收。`),
}
