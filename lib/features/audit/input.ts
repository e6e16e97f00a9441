/** What a page of the audit log is asked by. */
import { z } from 'zod'
import { acts } from './acts'

export const auditFilter = z.object({
  act: z.enum(acts).optional(),
  /** A membership; `system` for what the product did itself. */
  by: z.union([z.literal('system'), z.uuid().toLowerCase()]).optional(),
})
export type AuditFilter = z.output<typeof auditFilter>

export const auditPage = auditFilter.extend({
  /** Entries before this one. */
  before: z
    .string()
    .regex(/^[1-9]\d{0,14}$/)
    .transform(Number)
    .optional(),
})
export type AuditPage = z.output<typeof auditPage>
