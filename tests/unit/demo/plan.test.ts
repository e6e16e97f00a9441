/** The demo's story: the same each time, in both languages, varied, and over at the present. */
import { describe, expect, test } from 'vitest'
import { type Act, demoThreads, planDemo, scenes } from '@/lib/features/demo/plan'
import { demoLabels, demoTeams } from '@/lib/features/demo/scene'
import { demoLabelColours, demoRules } from '@/lib/features/demo/shop'
import { chooseSlots, fillSlots } from '@/lib/features/demo/slots'
import { isIntent } from '@/lib/features/intents/builtin'
import { Random } from '@/models/train/random'

const now = new Date('2026-11-23T12:00:00Z')
const plan = (seed = 1) => {
  const chance = new Random(seed)
  return planDemo(() => chance.float(), now)
}
const said = (act: Act): string[] => ('text' in act ? [act.text] : [])

describe('the scenes', () => {
  test('speak of intents, labels and teams that exist', () => {
    for (const scene of scenes) {
      expect(isIntent(scene.intent), scene.intent).toBe(true)
      expect(demoTeams).toContain(scene.team)
      for (const label of scene.labels ?? []) expect(demoLabels).toContain(label)
    }
    for (const rule of demoRules(() => null))
      for (const intent of rule.when.intents ?? []) expect(isIntent(intent), intent).toBe(true)
    expect(demoLabelColours).toHaveLength(demoLabels.length)
  })

  test('have more than 120 openings and no gap that nobody fills', () => {
    const openings = scenes.flatMap((scene) => [...scene.en.open, ...scene.zh.open])
    expect(new Set(openings).size).toBeGreaterThanOrEqual(120)
    for (const language of ['en', 'zh-CN'] as const) {
      const slots = chooseSlots(() => 0.5, language, 'Anna Brown', 'Tom')
      for (const scene of scenes)
        for (const list of Object.values(language === 'en' ? scene.en : scene.zh))
          for (const sentence of list) expect(fillSlots(sentence, slots)).not.toMatch(/[{}]/)
    }
    expect(() => fillSlots('{nobody}', {})).toThrow()
  })

  test('are written in their language', () => {
    for (const scene of scenes) {
      for (const text of Object.values(scene.en).flat()) expect(text).not.toMatch(/\p{sc=Han}/u)
      for (const text of Object.values(scene.zh).flat()) {
        expect(text).toMatch(/\p{sc=Han}/u)
        expect(text).not.toMatch(/\p{sc=Han}[,;:!?]/u)
      }
    }
  })
})

describe('the plan', () => {
  const story = plan()

  test('is the same for the same chance and another for another', () => {
    expect(plan()).toEqual(story)
    expect(plan(2)).not.toEqual(story)
  })

  test('spans sixty days, in order, and ends now', () => {
    const times = story.steps.map((step) => step.at.getTime())
    expect([...times].sort((a, b) => a - b)).toEqual(times)
    expect(now.getTime() - (times[0] as number)).toBeGreaterThan(50 * 86_400_000)
    expect(times.at(-1)).toBeLessThan(now.getTime())
    for (const { act } of story.steps) if (act.kind === 'snooze') expect(act.until > now).toBe(true)
  })

  test('has enough of everything', () => {
    expect(story.threads.length).toBe(demoThreads)
    const count = (kind: Act['kind']) => story.steps.filter((step) => step.act.kind === kind).length
    expect(count('say')).toBeGreaterThan(400)
    for (const kind of ['reply', 'resolve', 'correct'] as const) expect(count(kind), kind).toBeGreaterThan(200)
    for (const kind of ['note', 'label', 'take'] as const) expect(count(kind), kind).toBeGreaterThan(20)
    for (const kind of ['snooze', 'wait', 'raise'] as const) expect(count(kind), kind).toBeGreaterThan(3)
    const chinese = story.threads.filter((thread) => thread.language === 'zh-CN').length / story.threads.length
    expect(chinese).toBeGreaterThan(0.35)
    expect(chinese).toBeLessThan(0.6)
  })

  test('comes to at least three hundred conversations', () => {
    // The shop's own number (lib/cli/seed.ts). A person who comes back within two weeks goes on in the same conversation.
    const shop = plan(20_260_101)
    const ended = new Map<number, number>()
    let conversations = 0
    const seen = new Set<number>()
    for (const { thread, at, act } of shop.steps) {
      const { visitor } = shop.threads[thread] as (typeof shop.threads)[number]
      if (!seen.has(thread) && at.getTime() - (ended.get(visitor) ?? 0) > 14 * 86_400_000) conversations++
      seen.add(thread)
      ended.set(visitor, act.kind === 'resolve' ? at.getTime() : Number.POSITIVE_INFINITY)
    }
    expect(conversations).toBeGreaterThanOrEqual(300)
    expect(seen.size).toBe(demoThreads)
  })

  test('every thread begins with its visitor, and nothing is said twice in a row', () => {
    const begun = new Set<number>()
    for (const { thread, act } of story.steps) {
      if (!begun.has(thread)) expect(act.kind).toBe('say')
      begun.add(thread)
    }
    const texts = story.steps.flatMap(({ act }) => (act.kind === 'say' ? said(act) : []))
    expect(new Set(texts).size / texts.length).toBeGreaterThan(0.55)
    for (const text of story.steps.flatMap(({ act }) => said(act)))
      expect(text).not.toMatch(/undefined|[{}]|, [,.!]| {2}/)
  })
})
