/** The demonstration shop: its teas, two languages, light and dark, a basket, and the chat, embedded as any business does it. */

const teas = [
  {
    id: 'longjing',
    plot: '07 · 2026-03-28',
    price: 34,
    tin: '#6f8f5a',
    en: ['West Lake Longjing', 'Flat leaves, toasted chestnut, a clean sweet end. 50 g.'],
    zh: ['西湖龙井', '叶片扁平，栗香，回甘干净。50 克。'],
  },
  {
    id: 'biluochun',
    plot: '02 · 2026-03-22',
    price: 29,
    tin: '#8aa37b',
    en: ['Biluochun', 'Tiny spirals grown between plum trees; light and floral. 50 g.'],
    zh: ['碧螺春', '与梅树同园，卷曲细嫩，清淡花香。50 克。'],
  },
  {
    id: 'tieguanyin',
    plot: '11 · 2026-05-02',
    price: 26,
    tin: '#b08d57',
    en: ['Tieguanyin', 'Lightly oxidised oolong, orchid and cream, brews eight times. 100 g.'],
    zh: ['铁观音', '轻发酵乌龙，兰香奶韵，可泡八次。100 克。'],
  },
  {
    id: 'dianhong',
    plot: '05 · 2026-04-10',
    price: 22,
    tin: '#a2563c',
    en: ['Yunnan Dianhong', 'Golden tips, malt and honey; good with milk, better without. 100 g.'],
    zh: ['云南滇红', '金毫显露，麦香蜜香，加奶好，不加更好。100 克。'],
  },
  {
    id: 'baimudan',
    plot: '09 · 2026-04-01',
    price: 31,
    tin: '#9b9a86',
    en: ['White Peony', 'Withered in the sun, nothing else done to it. Melon, hay. 50 g.'],
    zh: ['白牡丹', '只经日晒萎凋，瓜香与干草香。50 克。'],
  },
  {
    id: 'shoupu',
    plot: '14 · 2019',
    price: 38,
    tin: '#5b463a',
    en: ['Ripe Pu’er, 2019', 'Dark, soft, like a forest after rain. Cake of 200 g.'],
    zh: ['2019 熟普', '深沉柔和，如雨后森林。200 克饼。'],
  },
]

const root = document.documentElement
const find = (id) => document.getElementById(id)
const remembered = (name) => {
  try {
    return localStorage.getItem(`shop.${name}`)
  } catch {
    return null
  }
}
const remember = (name, value) => {
  try {
    localStorage.setItem(`shop.${name}`, value)
  } catch {}
}

let language = remembered('language') ?? (navigator.language.startsWith('zh') ? 'zh' : 'en')
let theme = remembered('theme') ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')
let basket = 0

function tin(colour) {
  const space = 'http://www.w3.org/2000/svg'
  const make = (name, attributes) => {
    const shape = document.createElementNS(space, name)
    for (const [key, value] of Object.entries(attributes)) shape.setAttribute(key, value)
    return shape
  }
  const drawing = make('svg', { viewBox: '0 0 200 150', 'aria-hidden': 'true' })
  drawing.append(
    make('ellipse', { cx: 100, cy: 138, rx: 62, ry: 7, fill: colour, opacity: 0.18 }),
    make('rect', { x: 58, y: 34, width: 84, height: 102, rx: 8, fill: colour }),
    make('rect', { x: 54, y: 20, width: 92, height: 24, rx: 6, fill: colour }),
    make('rect', { x: 54, y: 40, width: 92, height: 4, fill: '#000', opacity: 0.14 }),
    make('rect', { x: 76, y: 60, width: 48, height: 58, rx: 3, fill: '#faf8f3', opacity: 0.94 }),
    make('path', {
      d: 'M88 104c0-14 8-23 25-23 0 16-8 24-22 23m-4 5c4-9 10-14 18-17',
      fill: 'none',
      stroke: colour,
      'stroke-width': 2,
      'stroke-linecap': 'round',
    }),
  )
  return drawing
}

function element(name, text, className) {
  const made = document.createElement(name)
  if (text) made.textContent = text
  if (className) made.className = className
  return made
}

function card(tea) {
  const [name, description] = tea[language]
  const item = element('li', '', 'tea')
  const buy = element('div', '', 'buy')
  const add = element('button', language === 'zh' ? '加入购物袋' : 'Add')
  add.type = 'button'
  add.setAttribute('aria-label', `${add.textContent}: ${name}`)
  add.onclick = () => {
    basket++
    find('count').textContent = String(basket)
  }
  buy.append(element('span', language === 'zh' ? `¥${tea.price * 7}` : `$${tea.price}`), add)
  item.append(tin(tea.tin), element('h3', name), element('span', tea.plot, 'plot'), element('p', description), buy)
  return item
}

function draw() {
  root.lang = language === 'zh' ? 'zh-CN' : 'en'
  root.dataset.theme = theme
  for (const place of document.querySelectorAll('[data-en]')) place.textContent = place.dataset[language]
  find('language').textContent = language === 'zh' ? 'English' : '中文'
  find('language').lang = language === 'zh' ? 'en' : 'zh-CN'
  find('theme').textContent =
    theme === 'dark' ? (language === 'zh' ? '浅色' : 'Light') : language === 'zh' ? '深色' : 'Dark'
  find('list').replaceChildren(...teas.map(card))
}

find('language').onclick = () => {
  language = language === 'zh' ? 'en' : 'zh'
  remember('language', language)
  draw()
}
find('theme').onclick = () => {
  theme = theme === 'dark' ? 'light' : 'dark'
  remember('theme', theme)
  draw()
}
find('ask').onclick = () => {
  window.Lingxi ||= []
  window.Lingxi.push(['open'])
}
draw()

// The snippet that a business pastes, with the key of this installation's demo inbox.
const answer = await fetch('/demo/config.json').catch(() => undefined)
if (answer?.ok) {
  const { siteKey } = await answer.json()
  const snippet = document.createElement('script')
  snippet.async = true
  snippet.src = '/widget.js'
  snippet.dataset.siteKey = siteKey
  snippet.dataset.accent = '#2f6b4f'
  document.body.append(snippet)
} else {
  // Nobody answers here, or not now: the page promises nobody.
  const note = document.querySelector('.note')
  const none = answer?.status === 404
  note.dataset.en = `A demonstration shop. Nothing is sold here, and ${
    none
      ? 'nobody answers: this installation has no demo.'
      : 'the chat cannot be reached just now. Reload the page to try again.'
  }`
  note.dataset.zh = `这是演示商店，不出售商品；${none ? '本站没有启用演示，也就没有在线客服。' : '暂时无法连接在线客服，请稍后刷新页面。'}`
  find('ask').closest('div').remove()
  draw()
}
