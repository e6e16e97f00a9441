/** Finds the message a routing decision rests on, so that the reason can stand beside it. Pure. */
import type { DeskMessage } from '@/lib/features/conversations/transcript'
import { readRoute } from '@/lib/features/routing/reason'
import type { Evidence } from '@/lib/features/routing/rules'

/** Stored probabilities are single precision. */
const same = (a: number, b: number): boolean => Math.abs(a - b) < 1e-4

function fits(message: DeskMessage, evidence: readonly Evidence[]): boolean {
  const said = message.prediction
  if (!said) return false
  return evidence.every(
    ({ field, label, probability }) => said[field] === label && same(said[`${field}Probability`], probability),
  )
}

/** The id of the first message whose labels are the decision's evidence; else of the newest labelled one. */
export function routedMessage(messages: readonly DeskMessage[], stored: unknown): string | null {
  const route = readRoute(stored)
  if (!route) return null
  const incoming = messages.filter((message) => message.kind === 'incoming')
  const fitting = route.evidence.length ? incoming.find((message) => fits(message, route.evidence)) : undefined
  return (fitting ?? incoming.findLast((message) => message.prediction))?.id ?? null
}
