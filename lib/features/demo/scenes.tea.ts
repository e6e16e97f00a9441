/** Scenes of the demo shop: the tea itself, the teaware, gifts, subscriptions, orders that change. */
import type { Scene } from './scene'

export const teaScenes: Scene[] = [
  {
    intent: 'product_question',
    sentiment: 'neutral',
    team: 'Tea room',
    weight: 10,
    en: {
      open: [
        'How hot should the water be for {tea}?',
        'Is {tea} high in caffeine? I would like something for the evening.',
        'Which of your teas is good for someone who only knows tea bags?',
        'Does the {teaware} go in the dishwasher?',
        'How long does {tea} keep once it is open? I drink it slowly.',
        "Is this year's harvest of {tea} in already?",
      ],
      reply: [
        'For {tea} take water at about 85 degrees, five grams to a pot, and half a minute for the first pour.',
        'It has about half as much caffeine as coffee. For the evening I would take a roasted oolong or chrysanthemum.',
        'I would begin with White Peony: soft, sweet, and it forgives water that is too hot.',
        'By hand, please: the glaze stays beautiful much longer. Warm water is enough.',
        'In a closed tin, dry and dark, about a year. Green teas are best within six months.',
        'It came in last week, a little smaller than usual and very fragrant.',
      ],
      more: ['Thank you! And can I pour it a second time?', 'Good to know. What would you take with cake?'],
      answer: [
        'Four or five times, each a little longer. The third is my favourite.',
        'Dian Hong: it is malty and stands up to chocolate.',
      ],
    },
    zh: {
      open: [
        '{tea}用多少度的水泡？',
        '{tea}咖啡因高吗？想晚上喝。',
        '平时只喝袋泡茶，推荐哪一款入门？',
        '{teaware}可以放洗碗机吗？',
        '{tea}开封后能放多久？我喝得慢。',
        '今年的{tea}新茶上市了吗？',
      ],
      reply: [
        '{tea}建议 85 度左右，五克茶，第一泡三十秒出汤。',
        '咖啡因大约是咖啡的一半，晚上喝推荐炭焙乌龙或者菊花茶。',
        '推荐白牡丹，清甜柔和，水温高一点也不会苦。',
        '建议手洗，温水冲一下就可以，釉面会更亮。',
        '密封避光放干燥处，一年内喝完就好；绿茶最好半年内喝。',
        '上周刚到，今年产量少一些，香气特别好。',
      ],
      more: ['谢谢！能泡几次？', '明白了。配点心喝哪个好？'],
      answer: ['可以泡四五次，每次多等几秒，第三泡最香。', '推荐滇红，配巧克力点心很合适。'],
    },
  },
  {
    intent: 'product_question',
    sentiment: 'neutral',
    team: 'Tea room',
    weight: 6,
    labels: ['Gift', '礼盒'],
    en: {
      open: [
        'I am looking for a gift for a tea lover, around {amount}.',
        'Can you put a card with a few words into the gift box?',
        'We need forty gift boxes for our partners in {city}, with our logo. Possible?',
      ],
      reply: [
        'A nice one is the "four mountains" box: {tea}, a white tea, a roasted oolong and a small {teaware}.',
        'Yes, write the words in the order note and we write the card by hand.',
        'Yes, from twenty boxes on, in about two weeks. I send you an offer today.',
      ],
      more: [
        'That sounds perfect, I will take two.',
        'Lovely. Then please write: "For the long evenings."',
        'Please send the offer to office@harbourlights.example.',
      ],
      answer: [
        'Lovely, both are set aside for you until tomorrow.',
        'Written, in our best hand.',
        'On its way. A sample box comes along for free.',
      ],
      note: ['Company gift, 40 boxes, decision until the end of the month.'],
    },
    zh: {
      open: [
        '想送爱喝茶的朋友，预算 {amount} 左右，有推荐吗？',
        '礼盒里可以放一张手写卡片吗？',
        '公司要四十份礼盒，印我们的标志，可以做吗？',
      ],
      reply: [
        '推荐“四山”礼盒：{tea}、白茶、炭焙乌龙，再配一只{teaware}。',
        '可以的，把想写的话放在备注里，我们手写。',
        '二十份起可以定制，大约两周，我今天把报价发给您。',
      ],
      more: ['听起来很好，我要两盒。', '那就写“愿您冬天也暖”。', '报价发到 office@qinghe.example 吧。'],
      answer: ['给您留着，明天前下单都可以。', '写好了，字很工整。', '已经发了，另外免费寄一份样盒。'],
      note: ['企业礼盒四十份，月底前定。'],
    },
  },
  {
    intent: 'return_item',
    sentiment: 'neutral',
    team: 'Care',
    weight: 5,
    en: {
      open: [
        'I would like to return the {teaware}, it is smaller than I thought.',
        'What is the address for returns? Order {order}.',
        'Can I send {tea} back if it is not opened?',
      ],
      reply: [
        'Of course, within thirty days. I have sent a return label to your e-mail, just put it on the box.',
        'Unopened tins are no problem. The label is in your inbox.',
      ],
      more: ['Label received, I bring it to the post office tomorrow.'],
      answer: ['Thank you. The refund goes out the day it arrives.'],
    },
    zh: {
      open: ['{teaware}比想象的小，想退货。', '退货地址是哪里？订单 {order}。', '没开封的{tea}可以退吗？'],
      reply: ['可以的，三十天内都能退，退货单已经发到您手机。', '没开封的可以退，我帮您约快递上门取件。'],
      more: ['好的，明天下午在家。'],
      answer: ['已约明天下午两点到五点，货到当天给您退款。'],
    },
  },
  {
    intent: 'exchange_item',
    sentiment: 'neutral',
    team: 'Care',
    weight: 3,
    en: {
      open: ['Can I exchange the {teaware} for the larger one?', 'You sent me jasmine instead of {tea}. Can we swap?'],
      reply: [
        'Certainly. I reserve the larger one for you; send the small one back with this label.',
        'Sorry, our mistake: keep the jasmine, the right tea leaves today.',
      ],
      more: ['How kind, thank you!'],
      answer: ['With pleasure.'],
    },
    zh: {
      open: ['{teaware}想换大一号的，可以吗？', '我买的是{tea}，发来的是茉莉花茶，能换吗？'],
      reply: ['可以的，大号给您留着，小的用这个单号寄回就行。', '是我们发错了，茉莉花茶送给您，正确的今天补发。'],
      more: ['太客气了，谢谢！'],
      answer: ['应该的。'],
    },
  },
  {
    intent: 'cancel_order',
    sentiment: 'neutral',
    team: 'Orders',
    weight: 5,
    en: {
      open: [
        'Please cancel order {order}.',
        'I ordered twice by accident, can you cancel {order}?',
        'Changed my mind about the {teaware}. Is it too late to cancel?',
      ],
      reply: [
        'Done, {order} is cancelled and {amount} goes back to your card.',
        'No problem, I cancelled the second one and kept the first.',
      ],
    },
    zh: {
      open: ['请帮我取消订单 {order}。', '不小心下了两单，{order} 取消一下。', '{teaware}不想要了，还能取消吗？'],
      reply: ['已经取消，{amount} 原路退回。', '第二单已取消，第一单照常发货。'],
    },
  },
  {
    intent: 'change_order',
    sentiment: 'neutral',
    team: 'Orders',
    weight: 4,
    en: {
      open: [
        'Can you add another tin of {tea} to {order}?',
        'I meant 100 g, not 50 g, in order {order}.',
        'Please swap the jasmine in {order} for {tea}.',
      ],
      reply: [
        'Added, the difference is on a payment link in your e-mail.',
        'Changed to 100 g; the difference is on a payment link in your e-mail.',
        'Swapped. The price stays the same.',
      ],
    },
    zh: {
      open: [
        '{order} 能再加一罐{tea}吗？',
        '{order} 我要 100 克的，下成 50 克了。',
        '把 {order} 里的茉莉花茶换成{tea}可以吗？',
      ],
      reply: ['加好了，差价链接发到您手机。', '改成 100 克了，差价链接发到您手机。', '换好了，价格不变。'],
    },
  },
  {
    intent: 'warranty_repair',
    sentiment: 'negative',
    team: 'Care',
    weight: 4,
    labels: ['Follow up'],
    en: {
      open: [
        'The kettle I bought in spring stopped heating. Is there a warranty?',
        'The lid of my {teaware} does not close any more after two months. That is poor quality.',
      ],
      reply: [
        'Two years, so you are covered. I send a box for the kettle and we repair or replace it within a week.',
        'That should last for years. A new lid is on its way to you, free of charge.',
      ],
      more: ['And what do I do for a week without tea?'],
      answer: ['A fair point! I put a small travel pot in the box, please keep it.'],
    },
    zh: {
      open: ['春天买的电热壶不加热了，有保修吗？', '{teaware}的盖子用了两个月就盖不紧了，质量太差。'],
      reply: ['保修两年，我给您寄一个空箱，一周内修好或者换新。', '不应该这样，新的盖子今天免费寄给您。'],
      more: ['这一周没有茶喝怎么办？'],
      answer: ['哈哈，箱子里放了一只旅行壶，送给您。'],
    },
  },
  {
    intent: 'subscription',
    sentiment: 'neutral',
    team: 'Tea room',
    weight: 4,
    en: {
      open: [
        'How does the monthly tea box work?',
        'I am away in {month}, can I pause my tea subscription?',
        'Please send {tea} every second month only.',
      ],
      reply: [
        'Every first Monday: two teas of the season, 50 g each. You can stop whenever you like.',
        'Paused for {month}. It goes on by itself afterwards.',
        'Changed to every second month.',
      ],
      more: ['Super easy. Thanks!'],
      answer: ['Have a good trip!'],
    },
    zh: {
      open: ['每月茶盒是怎么订的？', '{month}不在家，可以暂停订阅吗？', '{tea}改成两个月寄一次可以吗？'],
      reply: [
        '每月第一个周一寄出，两款当季茶各 50 克，随时可以停。',
        '{month}已暂停，之后自动恢复。',
        '已经改成两个月一次。',
      ],
      more: ['真方便，谢谢！'],
      answer: ['祝您旅途愉快！'],
    },
  },
]
