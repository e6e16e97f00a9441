/** The people of the demo shop: five who answer, and the names of those who write. */

import type { DemoTeam } from './scene'

export interface DemoAgent {
  name: string
  zhName: string
  /** Under the reserved domain .example: no mail can ever reach anybody. */
  email: string
  role: 'owner' | 'admin' | 'agent'
  locale: 'en' | 'zh-CN'
  teams: DemoTeam[]
}

/** The first one is who signs in. */
export const demoAgents: readonly [DemoAgent, ...DemoAgent[]] = [
  {
    name: 'Mei Lin 林梅',
    zhName: '林梅',
    email: 'mei@cloudmountain.example',
    role: 'owner',
    locale: 'en',
    teams: ['Care', 'Tea room'],
  },
  {
    name: 'Tom Becker',
    zhName: 'Tom',
    email: 'tom@cloudmountain.example',
    role: 'admin',
    locale: 'en',
    teams: ['Orders'],
  },
  {
    name: '陈晓 Chen Xiao',
    zhName: '陈晓',
    email: 'xiao@cloudmountain.example',
    role: 'agent',
    locale: 'zh-CN',
    teams: ['Orders', 'Care'],
  },
  {
    name: 'Sofia Alvarez',
    zhName: 'Sofia',
    email: 'sofia@cloudmountain.example',
    role: 'agent',
    locale: 'en',
    teams: ['Care'],
  },
  {
    name: '周宁 Zhou Ning',
    zhName: '周宁',
    email: 'ning@cloudmountain.example',
    role: 'agent',
    locale: 'zh-CN',
    teams: ['Tea room', 'Orders'],
  },
]

const first =
  'Anna Ben Chloe David Emma Felix Grace Hannah Ivan Julia Karim Lena Marco Nina Oscar Priya Quinn Rosa Samir Tara Umar Vera William Yara Zoe Aisha Bruno Carla Dylan Elif'.split(
    ' ',
  )
const last =
  'Adams Brown Costa Diaz Evans Fischer Garcia Hughes Ito Jensen Kaya Larsen Moreau Novak Okafor Patel Rossi Schmidt Torres Walsh'.split(
    ' ',
  )
const family = '王李张刘陈杨赵黄周吴徐孙马朱胡郭何高罗郑梁谢宋唐许邓冯韩曹曾'.split('')
const given =
  '伟 敏 静 丽 强 磊 军 洋 勇 艳 杰 娟 涛 明 超 秀英 霞 平 刚 桂英 雨桐 子涵 欣怡 浩然 思远 佳怡 梓萱 若曦 文博 晓彤'.split(
    ' ',
  )

export function visitorName(random: () => number, locale: 'en' | 'zh-CN'): string {
  const one = (list: readonly string[]) => list[Math.floor(random() * list.length)] as string
  return locale === 'en' ? `${one(first)} ${one(last)}` : `${one(family)}${one(given)}`
}
