/** Telling a database that is away from one that says no, and a breaker that rests. */
import { describe, expect, test } from 'vitest'
import { AppError } from '@/lib/core/errors'
import { asAppError, isAway, isClash, isTaken } from '@/lib/platform/db/trouble'
import { Breaker } from '@/lib/platform/inference/breaker'

const pg = (code: string, message = 'x') => Object.assign(new Error(message), { code })
const deep = (code: string) => ({ message: 'outer', meta: { driverAdapterError: { cause: { originalCode: code } } } })

describe('trouble', () => {
  test.each(['ECONNREFUSED', '57P01', '57P03', 'P1001', 'P2024'])('%s means away', (code) => {
    expect(isAway(pg(code))).toBe(true)
    expect(asAppError(pg(code))).toMatchObject({ code: 'database_away' })
  })
  test.each([
    'Connection terminated unexpectedly',
    'timeout exceeded when trying to connect',
    'the database system is starting up',
  ])('%s means away', (message) => {
    expect(isAway(new Error(message))).toBe(true)
  })
  test.each(['42501', '22P02'])('%s is an answer', (code) => {
    expect(isAway(pg(code))).toBe(false)
    const error = pg(code)
    expect(asAppError(error)).toBe(error)
  })
  test.each(['23505', '23503'])('%s means that somebody else was first', (code) => {
    expect(isAway(pg(code))).toBe(false)
    expect(asAppError(pg(code))).toMatchObject({ code: 'conflict' })
  })
  test.each(['22021', '22P05'])('%s means a text that cannot be stored', (code) => {
    expect(asAppError(pg(code))).toMatchObject({ code: 'text_invalid' })
    expect(asAppError(deep(code))).toMatchObject({ code: 'text_invalid' })
  })
  test('clashes and taken keys are found through wrappers', () => {
    expect(isClash(deep('40P01'))).toBe(true)
    expect(isClash(pg('40001'))).toBe(true)
    expect(isTaken(deep('23505'))).toBe(true)
    expect(isClash(null)).toBe(false)
    expect(isAway(undefined)).toBe(false)
  })
  test('a circle of causes ends', () => {
    const error = new Error('a') as Error & { cause: unknown }
    error.cause = error
    expect(isAway(error)).toBe(false)
  })
  test('our own failures pass through', () => {
    const error = new AppError('conflict')
    expect(asAppError(error)).toBe(error)
  })
})

describe('the breaker', () => {
  test('opens after three failures in a row, lets one through after a rest, and rests longer each time', () => {
    let now = 0
    const breaker = new Breaker(() => now)
    for (let i = 0; i < 3; i++) {
      expect(breaker.allows()).toBe(true)
      breaker.failed()
    }
    expect([breaker.isOpen(), breaker.allows()]).toEqual([true, false])
    now = 500
    expect([breaker.allows(), breaker.allows()]).toEqual([true, false])
    breaker.failed()
    now = 1_000
    expect(breaker.allows()).toBe(false)
    now = 1_500
    expect(breaker.allows()).toBe(true)
    breaker.worked()
    expect([breaker.isOpen(), breaker.allows(), breaker.allows()]).toEqual([false, true, true])
  })
  test('a success between failures keeps it closed', () => {
    const breaker = new Breaker(() => 0)
    for (let i = 0; i < 10; i++) {
      breaker.failed()
      breaker.failed()
      breaker.worked()
    }
    expect(breaker.isOpen()).toBe(false)
  })
})
