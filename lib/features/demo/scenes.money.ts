/** Scenes of the demo shop: refunds, payments, invoices, discounts. */
import type { Scene } from './scene'

export const moneyScenes: Scene[] = [
  {
    intent: 'refund',
    sentiment: 'negative',
    team: 'Care',
    weight: 8,
    en: {
      open: [
        'I want my money back for {order}. The {tea} tastes of cardboard.',
        'Please refund {order}, I never received it.',
        'How do I get a refund? The {teaware} is not what the picture shows at all.',
        'Refund please. I have been waiting three weeks and I have had enough.',
      ],
      reply: [
        'I am sorry it was not what you hoped for. I have started the refund of {amount} for {order}; your bank shows it in three to five days.',
        'Understood, {name}. The refund of {amount} is on its way, and nothing has to come back to us.',
      ],
      more: ['Thank you for sorting this out.', 'Five days is long. Why does it take more time than the payment?'],
      answer: [
        'You are welcome, and sorry again.',
        'The banks need that long, we send it today. I have attached the confirmation to your order.',
      ],
      note: ['Refund {amount} booked. Batch of {tea} should be checked.'],
    },
    zh: {
      open: [
        '我要退款，太慢了！',
        '{order} 一直没收到，请给我退款。',
        '{tea}有股纸箱味，要求退款。',
        '{teaware}和图片完全不一样，怎么退钱？',
      ],
      reply: [
        '非常抱歉没能让您满意。{order} 的 {amount} 已为您申请退款，三到五天原路退回。',
        '明白了，{amount} 今天就给您退，不需要寄回任何东西。',
      ],
      more: ['好的，谢谢处理。', '五天太久了，付款的时候可是一秒就扣了。'],
      answer: ['应该的，再次向您道歉。', '银行处理需要时间，我们今天就提交，凭证已经发到您的订单里。'],
      note: ['已退 {amount}。这批{tea}要检查一下。'],
    },
  },
  {
    intent: 'refund_status',
    sentiment: 'neutral',
    team: 'Care',
    weight: 4,
    en: {
      open: [
        'You promised a refund for {order} last week. When will I see it?',
        'Has the refund of {amount} been sent?',
        'Checking on my refund, order {order}. Nothing on my card yet.',
      ],
      reply: [
        'It left us on {weekday}; most banks show it within five days. If it is not there by Friday, tell me and I ask our bank for a trace.',
        'Yes, {amount} was sent back to the card you paid with.',
      ],
    },
    zh: {
      open: [
        '上周说给 {order} 退款，什么时候到账？',
        '{amount} 的退款退了吗？',
        '查一下退款进度，{order}，卡上还没看到。',
      ],
      reply: [
        '{weekday}已经退出，一般五天内到账；周五还没到的话告诉我，我去银行查。',
        '已经原路退回 {amount}，请您留意账户。',
      ],
    },
  },
  {
    intent: 'wrong_charge',
    sentiment: 'negative',
    team: 'Care',
    weight: 5,
    en: {
      open: [
        'I was charged twice for {order}! Please fix this immediately.',
        'My card shows {amount}, but the order says less. Why?',
        'There is a payment to your shop that I did not make. Who ordered {tea} with my card?',
      ],
      reply: [
        'You are right, the payment went through twice. I have cancelled the second one; it disappears within two days.',
        'I looked it up: the difference is the express shipping. I can take it off if you did not want it.',
        'I have stopped that payment and opened a case with our provider; {amount} comes back to you within two days.',
      ],
      more: ['Ok, please make sure it does not happen again.'],
      answer: ['I have passed it on to our payment provider, with both numbers.'],
      note: [
        'Double charge, same as last week. Payment page sends twice when people press the button again. Told engineering.',
      ],
    },
    zh: {
      open: [
        '{order} 扣了我两次钱！请马上处理。',
        '卡上扣了 {amount}，订单金额没这么多，为什么？',
        '有一笔你们店的扣款不是我操作的，谁用我的卡买了{tea}？',
      ],
      reply: [
        '查到了，确实重复扣款，第二笔已经撤销，两天内退回。',
        '查了一下，差额是顺丰运费，如果您不需要可以帮您取消。',
        '这笔已经冻结并报给支付公司核查，{amount} 两天内退回给您。',
      ],
      more: ['好，请保证以后不会再发生。'],
      answer: ['已经把两笔流水号都交给支付公司核查了。'],
      note: ['重复扣款，和上周一样，用户连点两次付款按钮。已反馈技术。'],
    },
  },
  {
    intent: 'payment_failed',
    sentiment: 'negative',
    team: 'Care',
    weight: 4,
    labels: ['Bug'],
    en: {
      open: [
        'Payment does not work, it says "declined" every time.',
        'I cannot pay. After the bank confirms, your page is just white.',
        'Tried three cards for {order}, none goes through. What is wrong with your site?',
      ],
      reply: [
        'Sorry about that. Could you try once more in a private window? If it stays white, I send you a payment link.',
        'Our payment provider had a problem until eleven. It works again now; your basket is still there.',
      ],
      more: ['It worked now!', 'Still white. Please send the link.'],
      answer: ['Wonderful, {order} is confirmed.', 'Here it comes by e-mail, it is good for a day.'],
    },
    zh: {
      open: [
        '付款一直失败，提示被拒绝。',
        '付不了款，银行确认之后页面一片空白。',
        '{order} 换了三张卡都付不了，你们网站怎么了？',
      ],
      reply: [
        '很抱歉。麻烦您换个浏览器再试一次，还不行的话我给您发付款链接。',
        '支付通道上午有故障，现在恢复了，购物车里的东西还在。',
      ],
      more: ['现在可以了！', '还是空白，发链接吧。'],
      answer: ['太好了，{order} 已经确认。', '链接发到您邮箱了，一天内有效。'],
    },
  },
  {
    intent: 'invoice',
    sentiment: 'neutral',
    team: 'Orders',
    weight: 5,
    en: {
      open: [
        'I need an invoice for {order} with our company name.',
        'Where can I download the invoice?',
        'Could you add our VAT number to the invoice of {order}?',
      ],
      reply: [
        'Gladly. Please send me the company name and VAT number and you get the invoice by e-mail within the hour.',
        'You find it under "my orders", behind the number. I have attached it to this chat\'s e-mail as well.',
      ],
      more: ['Harbour Lights Ltd, GB 123 4567 89.'],
      answer: ['Thank you, it is on its way to you.'],
    },
    zh: {
      open: ['{order} 需要开发票，抬头写公司。', '在哪里下载电子发票？', '可以把 {order} 的发票改成专票吗？'],
      reply: [
        '可以的，请提供公司抬头和税号，一小时内发到您邮箱。',
        '在“我的订单”里点订单号就能下载，我也给您邮箱发了一份。',
      ],
      more: ['杭州清和贸易有限公司，税号 91330100MA2XXXXX。'],
      answer: ['好的，已经开出，请查收邮箱。'],
    },
  },
  {
    intent: 'discount',
    sentiment: 'neutral',
    team: 'Tea room',
    weight: 5,
    en: {
      open: [
        'My code SPRING10 is not accepted. It says expired.',
        'Do you have a discount for larger orders? We are a café in {city}.',
        'Is there a sale on {tea} soon?',
      ],
      reply: [
        'The code ended on Sunday, but I have put the ten percent on your basket by hand.',
        'Yes, from two kilograms on we have trade prices. I can send you the list.',
        'Not planned, but members get early access to the spring harvest.',
      ],
      more: ['That is very kind, thank you!', 'Please do: orders@teahouse.example'],
      answer: ['Enjoy the tea!', 'Sent. Samples of three oolongs are in the post as well.'],
      note: ['Café in {city}, about 3 kg a month. Worth a call.'],
    },
    zh: {
      open: ['优惠码 SPRING10 用不了，说过期了。', '买得多有优惠吗？我们在{city}开茶馆。', '{tea}最近有活动吗？'],
      reply: [
        '优惠码周日截止的，我手动给您减了百分之十。',
        '有的，两公斤以上有批发价，我把价目表发给您。',
        '暂时没有，不过会员可以提前买春茶。',
      ],
      more: ['太好了，谢谢！', '发到这个邮箱吧：tea@shanju.example'],
      answer: ['祝您喝得开心！', '已经发了，另外给您寄三款乌龙的样品。'],
      note: ['{city}茶馆，每月大约三公斤，值得打个电话。'],
    },
  },
]
