/** Scenes of the demo shop: parcels on their way, late, broken, or going to the wrong place. */
import type { Scene } from './scene'

export const deliveryScenes: Scene[] = [
  {
    intent: 'order_status',
    sentiment: 'neutral',
    team: 'Orders',
    weight: 9,
    en: {
      open: [
        'Where is my order? The number is {order}.',
        'Hi, I ordered {tea} on {weekday} and have not heard anything since. Has {order} left your warehouse?',
        'Could you check the status of order {order} for me please?',
        'Any news about {order}? The tracking page still says "label created".',
      ],
      reply: [
        'Hello {name}, order {order} was handed to {carrier} this morning and should reach {city} in {days} days. I have sent you the tracking link again.',
        "Hi {name}, thanks for your patience. {order} is packed and leaves with today's pick-up at four. You will get the tracking number by e-mail.",
      ],
      more: [
        'Great, thank you! Does someone need to be at home to sign for it?',
        'Thanks. Can I still add a tin to the same parcel?',
      ],
      answer: [
        'No signature needed, {carrier} leaves it with a neighbour or in a safe place.',
        'It is sealed already, but I can send the tin separately without a shipping fee.',
      ],
    },
    zh: {
      open: [
        '我的订单 {order} 到哪里了？',
        '你好，{weekday}下单的{tea}一直没有物流信息，能帮我看看吗？',
        '请问 {order} 发货了吗？页面还显示待揽收。',
        '麻烦查一下订单 {order} 的进度，谢谢。',
      ],
      reply: [
        '您好，{order} 今天上午已交给{carrier}，预计 {days} 天内送到{city}，物流单号稍后短信发给您。',
        '您好，订单已经打包好了，今天下午四点统一发出，请您留意短信。',
      ],
      more: ['好的，谢谢！需要本人签收吗？', '那还能再加一罐一起寄吗？'],
      answer: ['不需要，可以放在快递柜或者请邻居代收。', '包裹已经封箱了，我给您单独寄一罐，免运费。'],
    },
  },
  {
    intent: 'delivery_time',
    sentiment: 'neutral',
    team: 'Orders',
    weight: 6,
    en: {
      open: [
        'How long does delivery to {city} take?',
        'If I order {tea} today, will it arrive before the weekend?',
        'I need a gift for my mother in {days} days. Is there any chance it gets to {city} in time?',
      ],
      reply: [
        'To {city} it usually takes {days} working days. Orders placed before noon leave the same day.',
        'Express gets it there in two days for $9; standard takes about {days}.',
      ],
      more: ['Perfect, I will take express then.', 'Hmm, and on Saturdays?'],
      answer: [
        'Lovely. Choose "express" at checkout and we pack it right away.',
        '{carrier} delivers on Saturdays in {city} too.',
      ],
    },
    zh: {
      open: ['寄到{city}要几天？', '今天下单{tea}，周末前能到吗？', '我想送长辈，{days} 天内要到{city}，来得及吗？'],
      reply: ['寄到{city}一般 {days} 个工作日，中午十二点前下单当天发货。', '选顺丰两天可到，普通快递大约 {days} 天。'],
      more: ['那我选顺丰吧。', '周六日也送吗？'],
      answer: ['好的，下单时选“顺丰”，我们马上给您打包。', '周末照常派送，请您放心。'],
    },
  },
  {
    intent: 'delivery_problem',
    sentiment: 'negative',
    team: 'Orders',
    weight: 8,
    labels: ['Shipping partner'],
    en: {
      open: [
        'My parcel has been stuck at the depot for a week!! Order {order}. This is really slow.',
        'The tracking says delivered but there is nothing at my door. Order {order}, very annoyed.',
        '{carrier} says they tried to deliver {order} yesterday. I was at home all day, nobody came.',
        'Still waiting for {order}. It was supposed to arrive {weekday}. What is going on?',
      ],
      reply: [
        'I am sorry about this, {name}. I have opened a search with {carrier}; if they do not find {order} within two days, we send everything again at our cost.',
        'That should not happen, I apologise. I called the depot: {order} goes out again tomorrow between nine and twelve.',
      ],
      more: [
        'Ok. But this is the second time it happens to me.',
        'Two more days?! I needed it for a tasting on {weekday}.',
      ],
      answer: [
        'You are right, and I have noted it on your account: from now on we ship to you with another carrier.',
        'Understood. I am sending a replacement by express now, keep the first parcel when it turns up.',
      ],
      note: [
        'Third lost parcel with {carrier} in {city} this month. Ask them for a meeting.',
        'Replacement sent, claim opened with {carrier}.',
      ],
    },
    zh: {
      open: [
        '快递卡在中转站一个星期了，太慢了！订单 {order}。',
        '物流显示已签收，可是我根本没收到！{order}',
        '{carrier}说昨天派送过 {order}，我一整天都在家，没人来过。',
        '等了好久 {order} 还没到，说好{weekday}到的，怎么回事？',
      ],
      reply: [
        '非常抱歉给您添麻烦了。我已经联系{carrier}查件，两天内找不到的话，我们免费给您重新寄一份。',
        '实在对不起，刚给网点打了电话，{order} 明天上午九点到十二点重新派送。',
      ],
      more: ['已经是第二次了，希望别再这样。', '还要两天？我{weekday}就要用的。'],
      answer: [
        '您说得对，我已经备注了，以后给您换一家快递。',
        '明白，我现在用顺丰给您补寄一份，第一个包裹到了您留着就好。',
      ],
      note: ['{carrier}这个月在{city}丢了三次件，需要找他们谈。', '已补寄，并向{carrier}申请理赔。'],
    },
  },
  {
    intent: 'damaged_item',
    photo: true,
    sentiment: 'negative',
    team: 'Care',
    weight: 6,
    en: {
      open: [
        'The {teaware} arrived broken. The box was completely crushed.',
        'My {tea} came with the tin dented and the seal open. Can I still drink it?',
        'Opened {order} and found the {teaware} in pieces. So disappointed, it was a birthday present.',
      ],
      reply: [
        'Oh no, I am so sorry. We send you a new {teaware} today; no need to return the broken one.',
        'Please do not drink it if the seal was open. A fresh tin of {tea} leaves our store this afternoon, on us.',
      ],
      more: ['That was quick, thank you.', 'Do you need a photo?'],
      answer: [
        'Of course. Let us know when it arrived safely.',
        'A photo helps us with the carrier, but the replacement is on its way in any case.',
      ],
      note: ['Packing: use the double-wall box for {teaware}.'],
    },
    zh: {
      open: [
        '收到的{teaware}碎了，盒子都压扁了。',
        '{tea}的罐子瘪了，封口也开了，还能喝吗？',
        '打开 {order} 发现{teaware}碎成几块，本来是生日礼物，太失望了。',
      ],
      reply: [
        '真的很抱歉！今天就给您补发一个新的{teaware}，碎的不用寄回。',
        '封口开了就不要喝了，下午给您免费补寄一罐{tea}。',
      ],
      more: ['这么快，谢谢你们。', '需要拍照吗？'],
      answer: ['应该的，收到后请告诉我们一声。', '有照片方便我们找快递理赔，没有也没关系，补发已经安排了。'],
      note: ['打包提醒：{teaware}要用双层纸箱。'],
    },
  },
  {
    intent: 'change_address',
    sentiment: 'neutral',
    team: 'Orders',
    weight: 5,
    en: {
      open: [
        'I need to change the delivery address for {order}, I moved to {city}.',
        'Typed the wrong house number in order {order}. Can you fix it before it ships?',
        'Please send {order} to my office instead, it is in {city} as well.',
      ],
      reply: [
        'Of course. Please tell me the new street and number and I change it on {order} at once.',
        'No problem, {order} has not left yet. What is the right address?',
      ],
      more: ['It is 14 Mill Lane, {city}. Thanks!', '22 Harbour Street, second floor.'],
      answer: [
        'Changed. {order} leaves for the new address this afternoon.',
        'Done, you will get a new confirmation by e-mail.',
      ],
    },
    zh: {
      open: [
        '订单 {order} 想改一下收货地址，我搬到{city}了。',
        '{order} 门牌号写错了，发货前能改吗？',
        '麻烦把 {order} 改寄到我公司，也在{city}。',
      ],
      reply: ['可以的，请把新的地址和电话发给我，马上帮您改。', '没问题，{order} 还没出库，请问正确的地址是？'],
      more: ['{city}中山路 18 号 3 单元 502。', '人民东路 66 号，前台代收就行。'],
      answer: ['已经改好了，今天下午按新地址发出。', '改好了，新的确认短信稍后到您手机。'],
    },
  },
  {
    intent: 'delivery_options',
    sentiment: 'neutral',
    team: 'Orders',
    weight: 4,
    labels: ['Follow up'],
    en: {
      open: [
        'Do you ship to {city}? And what does it cost?',
        'Is pick-up at your shop possible instead of delivery?',
        'Can you deliver in a plain box, without the shop name? It is a surprise.',
      ],
      reply: [
        'Yes, we ship to {city}. It is $5, and free from $40.',
        'Yes: choose "pick up" at checkout, we are open every day from ten to seven.',
        'Sure, write "plain box" in the order note.',
      ],
    },
    zh: {
      open: ['可以寄到{city}吗？运费多少？', '能到店自提吗？', '可以不放价格单吗？是送人的。'],
      reply: [
        '可以寄到{city}，运费 10 元，满 199 元包邮。',
        '可以的，下单时选“到店自提”，每天上午十点到晚上七点。',
        '没问题，备注“礼物”，我们不放价格单，还会附一张卡片。',
      ],
    },
  },
]
