/** The story of the demo shop as a list of steps in time: who writes when, who answers, what becomes of it. Pure. */
import { demoAgents, visitorName } from './people'
import { between, type Chance, pick, pickWeighted } from './random'
import type { Scene, Script } from './scene'
import { deliveryScenes } from './scenes.delivery'
import { moneyScenes } from './scenes.money'
import { peopleScenes } from './scenes.people'
import { teaScenes } from './scenes.tea'
import { chooseSlots, fillSlots } from './slots'

export const scenes: readonly Scene[] = [...deliveryScenes, ...moneyScenes, ...teaScenes, ...peopleScenes]

export type Act =
  | { kind: 'say'; text: string; photo?: true | undefined }
  | { kind: 'reply'; text: string; by: number }
  | { kind: 'note'; text: string; by: number }
  | { kind: 'take'; by: number }
  | { kind: 'label'; names: string[]; by: number }
  | { kind: 'raise'; by: number }
  | { kind: 'correct'; by: number; chance: number }
  | { kind: 'resolve'; by: number }
  | { kind: 'wait'; by: number }
  | { kind: 'snooze'; by: number; until: Date }

export interface Step {
  thread: number
  at: Date
  act: Act
}

export interface Thread {
  language: 'en' | 'zh-CN'
  scene: Scene
  /** Number of the person: the same one may write again weeks later. */
  visitor: number
}

export interface Visitor {
  language: 'en' | 'zh-CN'
  /** Absent for those who did not say. */
  name: string | undefined
  email: string | undefined
  page: string
}

export interface Plan {
  visitors: Visitor[]
  threads: Thread[]
  /** In the order of time. */
  steps: Step[]
}

const day = 86_400_000
const hour = 3_600_000
const minute = 60_000
/** Enough for more than three hundred conversations, though some people come back to theirs. */
export const demoThreads = 330
const days = 60
/** Newer visitors who came back: they write again under the same name. */
const returning = 0.1
const pages = [
  '/',
  '/tea/green',
  '/tea/oolong',
  '/tea/puer',
  '/teaware',
  '/gifts',
  '/checkout',
  '/orders',
  '/subscription',
]

/** People write by day and in the evening, less on weekends, and more every week. */
function beginnings(chance: Chance, now: Date, threads: number): Date[] {
  const found: Date[] = []
  // A few have just written, so that the inbox is alive.
  for (const minutes of [2, 6, 11, 19, 34, 52, 80, 125, 190]) found.push(new Date(now.getTime() - minutes * minute))
  while (found.length < threads) {
    const age = days * chance() ** 1.25 * day
    const at = new Date(now.getTime() - age - 4 * hour)
    const [weekday, at_] = [at.getUTCDay(), at.getUTCHours()]
    const awake = at_ >= 7 && at_ < 22 ? 1 : 0.15
    if (chance() < awake * (weekday === 0 || weekday === 6 ? 0.55 : 1)) found.push(at)
  }
  return found.sort((a, b) => a.getTime() - b.getTime())
}

function newVisitor(chance: Chance): Visitor {
  const language = chance() < 0.46 ? 'zh-CN' : 'en'
  const name = chance() < 0.72 ? visitorName(chance, language) : undefined
  const address =
    name && language === 'en'
      ? name.toLowerCase().replace(/[^a-z]+/g, '.')
      : `tea${1_000 + Math.floor(chance() * 9_000)}`
  const email = name && chance() < 0.7 ? `${address}@mail.example` : undefined
  return { language, name, email, page: pick(chance, pages) }
}

/** Who answers: of the scene's team, rather someone of the language. */
function answerer(chance: Chance, scene: Scene, language: 'en' | 'zh-CN'): number {
  const all = demoAgents.flatMap((agent, i) =>
    agent.teams.includes(scene.team) ? [{ i, weight: agent.locale === language ? 5 : 1 }] : [],
  )
  return pickWeighted(chance, all).i
}

/** What became of a conversation of this age. */
function fate(chance: Chance, age: number): 'unanswered' | 'open' | 'wait' | 'snooze' | 'resolve' {
  const roll = chance()
  if (age < 8 * hour) return roll < 0.62 ? 'unanswered' : roll < 0.9 ? 'open' : 'resolve'
  if (age < 3 * day)
    return roll < 0.08 ? 'unanswered' : roll < 0.28 ? 'open' : roll < 0.38 ? 'wait' : roll < 0.5 ? 'snooze' : 'resolve'
  return roll < 0.02 ? 'open' : roll < 0.05 ? 'wait' : roll < 0.08 ? 'snooze' : 'resolve'
}

const replyDelay = (chance: Chance): number => between(chance, 0.5, 1) ** 3 * (chance() < 0.8 ? 40 * minute : 5 * hour)

interface Telling {
  chance: Chance
  now: Date
  begins: Date
  thread: number
  scene: Scene
  script: Script
  language: 'en' | 'zh-CN'
  name: string
}

/** All that happens in one conversation, up to now. */
function tell({ chance, now, begins, thread, scene, script, language, name }: Telling): Step[] {
  const by = answerer(chance, scene, language)
  const agent = demoAgents[by] ?? demoAgents[0]
  const called = language === 'en' ? (agent.name.split(' ')[0] as string) : agent.zhName
  const slots = chooseSlots(chance, language, name, called)
  const steps: Step[] = []
  let at = begins.getTime()
  const add = (act: Act, after: number) => {
    at += Math.max(1_000, after)
    // What would lie in the future has not happened yet.
    if (at < now.getTime()) steps.push({ thread, at: new Date(at), act })
  }
  // Answers stand in the order of the questions; where there are fewer, they go round.
  const asked = Math.floor(chance() * script.open.length)
  const words = (list: string[], place = asked) => {
    const sentence = list[place % list.length] as string
    // People who did not say their name are not called anything.
    return fillSlots(name ? sentence : sentence.replace(/,? \{name\}/g, ''), slots)
  }
  add({ kind: 'say', text: words(script.open), photo: scene.photo }, 0)
  const end = fate(chance, now.getTime() - begins.getTime())
  if (end === 'unanswered') return steps
  if (chance() < 0.6) add({ kind: 'take', by }, replyDelay(chance) / 2)
  add({ kind: 'correct', by, chance: chance() }, 20_000)
  if (scene.sentiment === 'negative' && chance() < 0.15) add({ kind: 'raise', by }, 8_000)
  if (script.note && chance() < 0.5) add({ kind: 'note', by, text: words(script.note) }, 60_000)
  add({ kind: 'reply', by, text: words(script.reply) }, replyDelay(chance))
  if (scene.labels && chance() < 0.5) add({ kind: 'label', by, names: [pick(chance, scene.labels)] }, 15_000)
  if (script.more && chance() < 0.6) {
    add({ kind: 'say', text: words(script.more) }, between(chance, 2, 90) * minute)
    if (script.answer)
      add({ kind: 'reply', by, text: words(script.answer, asked % script.more.length) }, replyDelay(chance))
  }
  if (end === 'snooze')
    add({ kind: 'snooze', by, until: new Date(now.getTime() + between(chance, 0.3, 5) * day) }, 2 * minute)
  if (end === 'wait') add({ kind: 'wait', by }, 2 * minute)
  if (end === 'resolve') {
    if (chance() < 0.12) add({ kind: 'say', text: pick(chance, thanks[language]) }, between(chance, 1, 60) * minute)
    add({ kind: 'resolve', by }, between(chance, 1, 240) * minute)
  }
  return steps
}

const thanks = {
  en: [
    'Thank you!',
    'Perfect, thanks a lot.',
    'Great, that solves it. Have a nice day!',
    'ok thx',
    'Wonderful service, thank you 🍵',
  ],
  'zh-CN': ['谢谢！', '好的，太感谢了。', '问题解决了，祝你们生意兴隆！', '收到', '服务真好，谢谢🍵'],
}

/** The same chance gives the same shop; `now` is where it ends. */
export function planDemo(chance: Chance, now: Date, threads = demoThreads): Plan {
  const plan: Plan = { visitors: [], threads: [], steps: [] }
  for (const begins of beginnings(chance, now, threads)) {
    const back = chance() < returning && plan.visitors.length > 20
    const visitor = back ? Math.floor(chance() * plan.visitors.length) : plan.visitors.push(newVisitor(chance)) - 1
    const { language, name = '' } = plan.visitors[visitor] as Visitor
    const scene = pickWeighted(chance, scenes)
    const thread = plan.threads.push({ language, scene, visitor }) - 1
    const script = language === 'en' ? scene.en : scene.zh
    plan.steps.push(...tell({ chance, now, begins, thread, scene, script, language, name }))
  }
  plan.steps.sort((a, b) => a.at.getTime() - b.at.getTime())
  return plan
}
