/** Messages as visitors write them, for loads. */
export const texts = [
  '我要退款，太慢了!',
  'Where is my order? It was supposed to arrive on Monday and nobody answers.',
  'hello',
  '你好，我想改一下收货地址，还来得及吗？',
  'Can I get an invoice for last month please',
  '什么时候发货',
  'the app keeps logging me out, I changed my password twice already!!',
  '谢谢，收到了，茶很好喝',
]
