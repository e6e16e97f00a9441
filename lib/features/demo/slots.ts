/** What stands in the gaps of the demo's sentences, per language. */
import { type Chance, pick } from './random'

type Language = 'en' | 'zh-CN'

const words: Record<Language, Record<string, readonly string[]>> = {
  en: {
    tea: [
      'Longjing',
      'Tie Guan Yin',
      'Da Hong Pao',
      "the aged Pu'er",
      'White Peony',
      'Dian Hong',
      'Bi Luo Chun',
      'Phoenix Dancong',
      'the jasmine pearls',
      'Silver Needle',
    ],
    teaware: ['teapot', 'gaiwan', 'glass pitcher', 'tea tray', 'set of four cups', 'travel pot'],
    city: ['Berlin', 'Leeds', 'Lisbon', 'Toronto', 'Austin', 'Melbourne', 'Dublin', 'Oslo', 'Singapore', 'Lyon'],
    carrier: ['DHL', 'UPS', 'FedEx', 'the post'],
    weekday: ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday'],
    month: ['January', 'March', 'May', 'August', 'October', 'December'],
    amount: ['$24.50', '$38.00', '$52.90', '$61.20', '$119.00'],
  },
  'zh-CN': {
    tea: ['西湖龙井', '铁观音', '大红袍', '老普洱', '白牡丹', '滇红', '碧螺春', '凤凰单丛', '茉莉龙珠', '白毫银针'],
    teaware: ['紫砂壶', '盖碗', '公道杯', '茶盘', '品茗杯套装', '旅行壶'],
    city: ['上海', '成都', '广州', '西安', '武汉', '南京', '青岛', '昆明', '沈阳', '厦门'],
    carrier: ['顺丰', '中通', '京东物流', '邮政'],
    weekday: ['周一', '周二', '周三', '周四', '周五'],
    month: ['一月', '三月', '五月', '八月', '十月', '十二月'],
    amount: ['168 元', '239 元', '356 元', '412 元', '880 元'],
  },
}

export type Slots = Record<string, string>

export function chooseSlots(chance: Chance, language: Language, name: string, agent: string): Slots {
  const chosen = Object.entries(words[language]).map(([slot, list]) => [slot, pick(chance, list)] as const)
  return {
    ...Object.fromEntries(chosen),
    order: `CM-${10_000 + Math.floor(chance() * 80_000)}`,
    days: String(2 + Math.floor(chance() * 5)),
    name: name.split(' ')[0] as string,
    agent,
  }
}

/** @throws for a slot nobody fills: a typing slip must not reach a screen */
export function fillSlots(sentence: string, slots: Slots): string {
  return sentence.replace(/\{(\w+)\}/g, (_whole, slot: string) => {
    const value = slots[slot]
    if (value === undefined) throw new Error(`no words for {${slot}}`)
    return value
  })
}
