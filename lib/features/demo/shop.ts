/** The demo shop itself: its name, the look of its inbox, its labels' colours and its routing table. */
import type { DemoTeam } from './scene'

export const demoName = 'Cloud Mountain Tea 云山茶'
/** What the account is called until its story is complete: a seed that was killed is known by it. */
export const unfinishedName = 'Cloud Mountain Tea 云山茶 …'

export const demoInbox = {
  name: 'Shop 小店',
  accent: '#2f6f4f',
  allowedOrigins: [],
  texts: {
    en: {
      greeting: 'Hello and welcome to Cloud Mountain Tea. What can we brew for you?',
      away: 'We are asleep or at the tea table. Leave a message, we answer every one.',
      placeholder: 'Ask about tea, orders, anything',
    },
    'zh-CN': {
      greeting: '您好，欢迎来到云山茶，想喝点什么？',
      away: '我们暂时不在，请留言，每一条都会回复。',
      placeholder: '茶、订单，什么都可以问',
    },
  },
}

export const demoLabelColours = ['yellow', 'blue', 'pink', 'red', 'grey', 'orange', 'green', 'sky'] as const

interface DemoRule {
  name: string
  enabled: boolean
  when: {
    intents?: string[]
    sentiments?: ('negative' | 'neutral' | 'positive')[]
    urgencies?: ('low' | 'normal' | 'high')[]
    minConfidence?: number
  }
  teamId: string | null
  priority: 'low' | 'normal' | 'high' | 'urgent' | null
  assign: 'round_robin' | 'none'
}

export function demoRules(team: (name: DemoTeam) => string | null): DemoRule[] {
  const line = (
    name: string,
    when: DemoRule['when'],
    to: DemoTeam,
    priority: DemoRule['priority'],
    assign: DemoRule['assign'],
  ): DemoRule => ({
    name,
    enabled: true,
    when,
    teamId: team(to),
    priority,
    assign,
  })
  return [
    line('Upset and urgent', { sentiments: ['negative'], urgencies: ['high'] }, 'Care', 'urgent', 'round_robin'),
    line(
      'Money',
      { intents: ['refund', 'refund_status', 'wrong_charge', 'payment_failed'] },
      'Care',
      'high',
      'round_robin',
    ),
    line('Complaints', { intents: ['complaint', 'damaged_item', 'warranty_repair'] }, 'Care', 'high', 'none'),
    line(
      'Parcels',
      { intents: ['order_status', 'delivery_time', 'delivery_problem', 'delivery_options', 'change_address'] },
      'Orders',
      null,
      'round_robin',
    ),
    line(
      'Orders',
      { intents: ['place_order', 'change_order', 'cancel_order', 'invoice'] },
      'Orders',
      null,
      'round_robin',
    ),
    line(
      'Tea and gifts',
      { intents: ['product_question', 'subscription', 'discount', 'about_company'] },
      'Tea room',
      null,
      'none',
    ),
    line('Upset', { sentiments: ['negative'], minConfidence: 0.8 }, 'Care', 'high', 'none'),
    line('Praise', { intents: ['feedback', 'thanks'], sentiments: ['positive'] }, 'Tea room', 'low', 'none'),
  ]
}
