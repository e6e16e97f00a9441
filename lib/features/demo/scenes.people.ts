/** Scenes of the demo shop: accounts, praise, complaints, and people who want a person. */
import type { Scene } from './scene'

export const peopleScenes: Scene[] = [
  {
    intent: 'complaint',
    sentiment: 'negative',
    team: 'Care',
    weight: 6,
    labels: ['老客户', 'VIP'],
    en: {
      open: [
        'This is the third time I write and nobody answers. Terrible service.',
        'I have been a customer for six years and the quality of {tea} gets worse every year.',
        'Your colleague on the phone was really rude to me yesterday.',
        'Unacceptable. The {teaware} smells of plastic and your shop ignores my mails.',
      ],
      reply: [
        'I am very sorry that you had to ask three times. I have read everything and stay with this until it is solved.',
        "Thank you for telling us, {name}. I have passed this to our buyer; I would like to send you this year's first picking to taste, as an apology.",
        'I apologise for that. I have spoken to my colleague, and from now on I look after you myself.',
        'Please forgive the silence. A new {teaware} is on its way, and the money for the old one too.',
      ],
      more: ['I appreciate that you take it seriously.', 'We will see. I expect a real answer this time.'],
      answer: ['You have my direct line now: just answer here.', 'You will have it by tomorrow noon, from me.'],
      note: ['Long-time customer, be generous. Call back on {weekday}.'],
    },
    zh: {
      open: [
        '第三次联系你们了，一直没人回复，服务太差了。',
        '六年老客户，{tea}的品质一年不如一年。',
        '昨天电话客服态度很恶劣，我要投诉。',
        '{teaware}有塑料味，写邮件也不回，太让人生气了。',
      ],
      reply: [
        '让您问了三次实在抱歉，之前的记录我都看了，这件事由我负责到底。',
        '谢谢您告诉我们，我已经转给采购，想寄一份今年的头采给您品尝，表示歉意。',
        '真的对不起，我已经和同事谈过，以后由我来为您服务。',
        '抱歉一直没有回复，新的{teaware}已经寄出，原来那只的钱也退给您。',
      ],
      more: ['好吧，看到你们认真处理就行。', '希望这次真的有人管。'],
      answer: ['您直接在这里回复就能找到我。', '明天中午前我给您答复。'],
      note: ['老客户，多照顾。{weekday}回访。'],
    },
  },
  {
    intent: 'feedback',
    sentiment: 'positive',
    team: 'Tea room',
    weight: 7,
    en: {
      open: [
        'Just wanted to say that {tea} is the best tea I ever had. Thank you!',
        'The parcel came a day early and was wrapped so beautifully. Love it.',
        'My grandmother cried when she tasted the {tea}, it was like home. Thank you all.',
        'Great help from {agent} last week, five stars!',
      ],
      reply: [
        'This makes our whole day, {name}. Thank you!',
        'How lovely to hear, I have read it out to everyone in the packing room.',
      ],
    },
    zh: {
      open: [
        '{tea}是我喝过最好的茶，谢谢你们！',
        '快递提前一天到，包装也很用心，非常喜欢。',
        '奶奶喝了{tea}说是家乡的味道，谢谢你们。',
        '上周{agent}帮了大忙，五星好评！',
      ],
      reply: ['看到您的留言，一天都有精神了，谢谢！', '真好！我念给打包间的同事们听了。'],
    },
  },
  {
    intent: 'talk_to_person',
    sentiment: 'neutral',
    team: 'Care',
    weight: 5,
    en: {
      open: [
        'Can I talk to a real person please?',
        'Could someone call me back about {order}?',
        'Human please, this is complicated.',
      ],
      reply: [
        'You are talking to one: I am {agent}. How can I help?',
        'Of course. Which number and what time suit you?',
      ],
      more: ['Ah, good. It is about {order}: I would like to split it into two parcels.', 'After six, please.'],
      answer: ['No problem, one goes today and one on {weekday}.', 'I call you today at half past six.'],
    },
    zh: {
      open: ['转人工。', '{order} 的事情比较复杂，能给我回个电话吗？', '可以找真人客服吗？'],
      reply: ['您好，我是{agent}，请问有什么可以帮您？', '可以的，请问什么时间方便？'],
      more: ['太好了，我想把 {order} 分两次寄。', '晚上六点以后吧。'],
      answer: ['没问题，一份今天发，一份{weekday}发。', '好的，六点半给您打过去。'],
    },
  },
  {
    intent: 'sign_in',
    sentiment: 'negative',
    team: 'Care',
    weight: 3,
    labels: ['Bug'],
    en: {
      open: ['I cannot sign in to my account any more.', 'The code for signing in never arrives on my phone.'],
      reply: [
        'I have sent you a sign-in link by e-mail, it works for fifteen minutes.',
        'There was a delay with text messages this morning. Could you try again now?',
      ],
      more: ['Works, thanks.'],
      answer: ['Glad to hear it!'],
    },
    zh: {
      open: ['账号登录不上了。', '登录验证码一直收不到。'],
      reply: ['登录链接已经发到您邮箱，十五分钟内有效。', '上午短信有延迟，麻烦您再试一次。'],
      more: ['可以了，谢谢。'],
      answer: ['不客气！'],
    },
  },
  {
    intent: 'password',
    sentiment: 'neutral',
    team: 'Care',
    weight: 3,
    en: {
      open: ['I forgot my password. How can I set a new one?', 'The link to reset my password has expired.'],
      reply: [
        'Choose "forgot password" on the sign-in page; I have also sent you a fresh link.',
        'Here is a new one, it is valid for fifteen minutes.',
      ],
    },
    zh: {
      open: ['密码忘了，怎么重设？', '重设密码的链接过期了。'],
      reply: ['在登录页点“忘记密码”就可以，我也给您发了一个新链接。', '新的链接发到您邮箱了，十五分钟内有效。'],
    },
  },
  {
    intent: 'close_account',
    sentiment: 'neutral',
    team: 'Care',
    weight: 2,
    en: {
      open: ['Please delete my account and everything you know about me.', 'I want to close my customer account.'],
      reply: [
        'I have started it. Your data is erased within a week; invoices stay as the law asks.',
        'Done. It was a pleasure to have you with us.',
      ],
      note: ['Erasure asked for, due within seven days.'],
    },
    zh: {
      open: ['请注销我的账号，把我的资料都删掉。', '我想注销会员账号。'],
      reply: ['已经开始处理，一周内删除；发票按法律规定保留。', '已注销，感谢您一直以来的支持。'],
      note: ['客户要求删除资料，七天内完成。'],
    },
  },
  {
    intent: 'newsletter',
    sentiment: 'neutral',
    team: 'Tea room',
    weight: 2,
    en: {
      open: [
        'How do I unsubscribe from the newsletter? Five mails a week is too much.',
        'Can I get the spring harvest news by e-mail?',
      ],
      reply: ['You are off the list now. Sorry for the flood.', 'You are on the list: about one mail a month.'],
    },
    zh: {
      open: ['怎么退订邮件？一周五封太多了。', '春茶上市能邮件通知我吗？'],
      reply: ['已经为您退订，抱歉打扰了。', '已经登记，大约一个月一封。'],
    },
  },
  {
    intent: 'about_company',
    sentiment: 'neutral',
    team: 'Tea room',
    weight: 3,
    en: {
      open: [
        'Where does your tea come from? Do you know the farmers?',
        'Do you have a shop in {city} where I can taste?',
        'Are your teas organic?',
      ],
      reply: [
        'From eleven families in Fujian, Yunnan and Zhejiang; we visit each of them every spring.',
        'Our tea room is in Hangzhou, open from ten to seven. In {city} two cafés pour our teas, I send you the addresses.',
        'Seven of them are certified; all are tested for residues.',
      ],
    },
    zh: {
      open: ['你们的茶是哪里产的？', '在{city}有门店可以试喝吗？', '茶叶有有机认证吗？'],
      reply: [
        '来自福建、云南和浙江的十一户茶农，我们每年春天都去看。',
        '茶室在杭州，每天十点到七点；{city}有两家咖啡馆用我们的茶，地址发给您。',
        '有七款有认证，全部做过农残检测。',
      ],
    },
  },
  {
    intent: 'place_order',
    sentiment: 'neutral',
    team: 'Tea room',
    weight: 4,
    labels: ['Wholesale'],
    en: {
      open: [
        'I would like to order two kilograms of {tea} for our restaurant in {city}.',
        'How can I order without an account?',
        'Can I order by phone? The website is too small for my eyes.',
      ],
      reply: [
        'With pleasure. For two kilograms the trade price applies; shall I prepare the order for you?',
        'Choose "as a guest" at checkout, an e-mail address is enough.',
        'Of course: tell me here what you would like and I type it in for you.',
      ],
      more: ['Yes please, the same address as last time.'],
      answer: ['It is ready, you only need to confirm the payment link.'],
    },
    zh: {
      open: ['{city}的餐厅要订两公斤{tea}，怎么下单？', '不注册可以买吗？', '网页字太小，可以在这里直接下单吗？'],
      reply: [
        '没问题，两公斤按批发价，我帮您下单好吗？',
        '可以的，结算时选“游客下单”，留个手机号就行。',
        '可以，您告诉我要什么，我帮您下。',
      ],
      more: ['好的，地址和上次一样。'],
      answer: ['下好了，点付款链接确认就可以。'],
    },
  },
]
