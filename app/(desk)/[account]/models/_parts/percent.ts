/** Shares as percent, to a tenth: how every figure of a model is shown. */
'use client'

import { useFormatter } from 'next-intl'

export function usePercent(): (value: number) => string {
  const format = useFormatter()
  return (value) => format.number(value, { style: 'percent', maximumFractionDigits: 1 })
}
