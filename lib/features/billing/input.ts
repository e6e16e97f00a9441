/** What a person may ask of the billing of their account. */
import { z } from 'zod'
import { addOnNames, currencies, intervals, planNames } from './plans'

export const planChoice = z.strictObject({
  plan: z.enum(planNames).exclude(['free']),
  interval: z.enum(intervals),
  currency: z.enum(currencies),
})
export type PlanChoice = z.output<typeof planChoice>

const amount = z.int().min(0).max(100_000_000)
export const spendChoice = z
  .strictObject({ cap: amount, alert: amount.min(1).nullable() })
  // Nothing above the cap is ever billed: such an alert would never come.
  .refine(({ cap, alert }) => alert === null || alert <= cap, { path: ['alert'], message: 'above the cap' })

export const previewWish = z.discriminatedUnion('of', [
  z.strictObject({ of: z.literal('plan'), ...planChoice.shape }),
  z.strictObject({ of: z.literal('service'), addOn: z.enum(addOnNames), on: z.boolean() }),
  z.strictObject({ of: z.literal('people'), people: z.int().min(1).max(100_000) }),
])

export const addOnChoice = z.strictObject({ addOn: z.enum(addOnNames), on: z.boolean() })
