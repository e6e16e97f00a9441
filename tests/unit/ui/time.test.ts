/** Times for the eye: short today, longer the further away, in both languages. */
import { describe, expect, test } from 'vitest'
import { formatRelative, formatTime } from '@/app/_ui/time'

const now = new Date(2026, 10, 24, 15, 30).getTime()
const minute = 60_000
const hour = 60 * minute

describe('clock', () => {
  test.each([
    [now - 2 * hour, '13:30'],
    [now - 48 * hour, '周日15:30'],
    [now - 20 * 24 * hour, '11月4日'],
    [now - 400 * 24 * hour, '2025年10月20日'],
    [now + 48 * hour, '11月26日'],
  ])('%d in Chinese', (at, words) => {
    expect(formatTime(at, 'zh-CN', now).replace(/\s/g, '')).toBe(words)
  })
})

describe('relative', () => {
  test.each([
    [now - 10_000, 'now', '现在'],
    [now - 5 * minute, '5 minutes ago', '5分钟前'],
    [now - 3 * hour, '3 hours ago', '3小时前'],
    [now - 26 * hour, 'yesterday', '昨天'],
    [now + 2 * hour, 'in 2 hours', '2小时后'],
  ])('%d', (at, english, chinese) => {
    expect(formatRelative(at, 'en', now)).toBe(english)
    expect(formatRelative(at, 'zh-CN', now)).toBe(chinese)
  })
})
