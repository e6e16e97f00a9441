/** Sentences that look as if somebody were named in them, and nobody is: numbers of things, versions, titles, feelings. */
import type { Random } from '@/models/train/random'
import { digits, pick, signs } from './digits'

const lines = (text: string): string[] => text.trim().split('\n')

/** `<…>` is filled by the maker of that name. */
const english = lines(`
Where is my order <order>?
order <order> placed on <date> has not moved
My order number is 123-456-7890 and it is late.
order 0123-4567-<four> arrived broken
tracking number <parcel> is stuck
the parcel <parcel> left on <date> <time>
delivered <date> <time>, but not to me
It was <amount> and now it is <amount>.
I was charged <amount> on <date>
version <version> crashes on start
after the update to <version> nothing works
App <version> on Android 14 is slow
The model number is <model>, does it work in the US?
is the <model> back in stock?
Invoice INV-2026-<six> is missing the VAT line.
Item <ean> is out of stock, when will it be back?
the barcode says <ean>
error 0x8007<four> appears
ticket #<six> was closed without an answer
between <time> and <time> nobody answered
I'm Disappointed with the service.
I am German and pay in euros.
This is Ridiculous, I waited 3 weeks.
This is Unacceptable!
I'm Happy with it, thank you.
I am Very Upset about the delay.
I'm Really Sorry for the confusion.
This is Great News.
this is not what I ordered
i'm waiting since <date>
i am still without an answer
I'm sure it was <amount>.
I am in the shop right now
my name is spelled wrong on the invoice
My name is on the waiting list, what happens next?
I am American, do I pay customs?
I'm Looking for a red one.
This is Ridiculously slow.
This is Order <order>.
I want to talk to a manager about this.
Ms Word cannot open the invoice
it takes 20 ms to load and then stops
Your policy says 30 days, it has been 12.
the parcel measures 40 x 30 x 20 cm and weighs 12.5 kg
0.00012345 is shown as the price
see https://shop.example/items?page=2&order=<order>&sort=price
the link https://shop.example/blog/how-to-brew-green-tea-2026 is dead
is the API key free of charge?
my password is wrong again
The pin code never arrived.
I waited 2 hours on the road for the courier
we bought 3 drive bays and 2 close fitting lids
12 place mats and 4 court shoes please
the street outside was blocked so the driver left
do you ship to New Zealand or South Korea?
Room 1204 is too cold, set it to 19.5
flight LH<four> was cancelled, can you deliver later?
the ratio is 16:9 and the time 10:15:30
section 3.2.1.4 of the terms says otherwise
firmware 5.0.12.1 broke the Wi-Fi
coupon TEA2026 gives 10% off, not 15%
my size is 42 and I ordered 44
save 20-25% on 100-200 items
The set has 1000-1200 pieces
Regards the delivery, nobody was at home.
thanks, bye
Thanks, great service
Cheers for the quick help
Best Value pack or Family pack?
serial <serial> is under warranty
ISBN 978-3-16-148410-0 is missing from the box
Order dates: 05.06.2024 12:30 and 01.02.2024 10:00`)

const chinese = lines(`
我的订单号是<order>，什么时候发货？
订单<order>还没到
快递单号SF13<eleven>一直没更新
单号YT<eleven>查不到
<date>下的单，共3件
<date> <time>显示已签收
一共<amount>元对吗？
扣了我<amount>
版本<version>打不开
升级到<version>以后闪退
型号<model>有货吗
条码<ean>扫不出来
编号<ean>还有库存吗
发票号<six>抬头写错了
我要向经理投诉
和经理说一下
请安排经理联系我
这段时间经理不在吗
让客户经理给我回电
我是白金卡会员
我是黄金会员，有优惠吗
我是老顾客了，能便宜点吗
我是第一次买，不太懂
我是周三下的单
我是昨天买的
我是管理员，怎么加同事？
我是从京东买的
我是江苏的，邮费多少
我是广东人，想要清淡的
我是安卓手机
我是高级会员
我是通过朋友介绍来的
我是全款付的
我是单位采购的
我是不是可以退款
我是想问一下运费
我是真的很失望
我是在门店买的
收件人写错了，能改吗？
收货人信息怎么修改
收件人电话填错了
联系人方式在哪里改
姓名和电话不对
姓名可以改吗
户名不对怎么办
本人不在家，放门口
本人已经签收了
持卡人信息不符
联系人能改吗
验证码收不到怎么办？
密码忘了怎么找回？
密码：忘记了怎么办
我的密码是不是被改了
地铁2号线能到你们店吗？
坐5路公交到2号门
高山路上的那家店几点关门？
南京路步行街附近能自提吗
张家界有你们的门店吗？
王府井店今天营业吗？
我要两盒龙井
电压220V，功率1500W，能用吗？
第3.2.1.4条写得不清楚
尺寸40x30x20，重12.5kg
满200减30怎么用
优惠券TEA2026用不了
我在路上等了2个小时
上次买的铁观音味道不错
和气生财，希望尽快解决
谢谢经理，已经解决了
我叫了两次客服都没人理
我叫的外卖还没到
小姐姐态度很好
这款是2025年的新茶吗
活动时间是<date>到<date>
客服主任在吗
高级经理什么时候有空
麻烦帮我查单号<order>`)

const two = (value: number) => String(value).padStart(2, '0')
const makers: Record<string, (random: Random) => string> = {
  order: (random) =>
    pick(random, [
      digits(random, 6),
      `1${digits(random, 8)}`,
      `2026112500${digits(random, 5)}`,
      `TB${digits(random, 10)}`,
      `8${digits(random, 7)}`,
    ]),
  parcel: (random) =>
    pick(random, [
      `1Z999AA1${digits(random, 10)}`,
      `00340434${digits(random, 12)}`,
      `RR${digits(random, 9)}CN`,
      `9400${digits(random, 18)}`,
      `JD${digits(random, 13)}`,
    ]),
  date: (random) => {
    const [day, month, year] = [two(1 + random.below(28)), two(1 + random.below(12)), 2020 + random.below(7)]
    return pick(random, [
      `${day}.${month}.${year}`,
      `${day}/${month}/${year}`,
      `${year}-${month}-${day}`,
      `${year}/${month}/${day}`,
      `${year}.${month}.${day}`,
    ])
  },
  time: (random) => `${two(random.below(24))}:${two(random.below(60))}`,
  amount: (random) => {
    const whole = 1 + random.below(9_000)
    const cents = two(random.below(100))
    return pick(random, [
      `${whole}.${cents}`,
      `$${whole}.${cents}`,
      `1,${digits(random, 3)}.${cents}`,
      `1 ${digits(random, 3)} ${digits(random, 3)}`,
      `${whole},${cents} €`,
    ])
  },
  version: (random) => `${1 + random.below(9)}.${random.below(30)}.${random.below(20)}.${random.below(10)}`,
  model: (random) => `${signs(random, 2, 'ABCDEFGHKLMNPRSTX')}-${digits(random, 4)}-${digits(random, 3)}V`,
  ean: (random) => `88${digits(random, 11)}`,
  serial: (random) => `${signs(random, 3, 'ABCDEFGH')}${digits(random, 7)}`,
  four: (random) => digits(random, 4),
  six: (random) => digits(random, 6),
  eleven: (random) => digits(random, 11),
}

export function innocent(random: Random, language: 'en' | 'zh'): string {
  const line = pick(random, language === 'en' ? english : chinese)
  return line.replace(/<(\w+)>/g, (_, name: string) => (makers[name] as (random: Random) => string)(random))
}
