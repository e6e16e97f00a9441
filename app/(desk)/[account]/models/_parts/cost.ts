/** Writes what processor time costs, in the currency that the operator pays it in. */
'use client'

import { useFormatter } from 'next-intl'
import type { LearningState } from '../_data/learning'

/** Hours of a core as money; null where no price is set. */
export function useCost(core: LearningState['core']): (hours: number) => string | null {
  const format = useFormatter()
  const { hourPrice, currency } = core
  return (hours) =>
    hourPrice ? format.number(hours * hourPrice, { style: 'currency', currency, maximumSignificantDigits: 2 }) : null
}
