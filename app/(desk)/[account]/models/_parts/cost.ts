/** Writes what processor time costs, in the currency that the operator pays it in. */
'use client'

import { useFormatter } from 'next-intl'
import type { LearningState } from '../_data/learning'

/** Nobody pays less. */
const least = 0.01

/** Hours of a core as money; null where no price is set. */
export function useCost(core: LearningState['core']): (hours: number) => string | null {
  const format = useFormatter()
  const { hourPrice, currency } = core
  const money = (amount: number) => format.number(amount, { style: 'currency', currency, maximumSignificantDigits: 2 })
  return (hours) => {
    if (!hourPrice) return null
    const amount = hours * hourPrice
    return amount > 0 && amount < least ? `<\u00a0${money(least)}` : money(amount)
  }
}
