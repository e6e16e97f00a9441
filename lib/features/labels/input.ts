/** What a label may be called and which colours it may have. */
import { z } from 'zod'
import { nameOfAtMost } from '@/lib/core/text'
import { labelColours } from './rules'

const name = nameOfAtMost(40)

export const labelDraft = z.object({ name, colour: z.enum(labelColours) })
export type LabelDraft = z.output<typeof labelDraft>
export const labelChange = labelDraft.partial().refine((change) => Object.keys(change).length > 0)
export type LabelChange = z.output<typeof labelChange>
