/** The audit log of an account: pages, the check of its chain, and all of it as a file. */
import { z } from 'zod'
import { canManageAccount } from '@/lib/features/accounts/permissions'
import { auditPage } from '@/lib/features/audit/input'
import { checkAudit, exportAudit, readAudit } from '@/lib/flows/read-audit'
import { defineRoute, Raw } from '../route'

const nothing = z.object({})
const who = { member: canManageAccount } as const

export const auditRoutes = [
  defineRoute({ method: 'GET', path: '/api/v1/:account/audit', who, input: auditPage, handle: readAudit }),
  defineRoute({
    method: 'GET',
    path: '/api/v1/:account/audit/check',
    who,
    limits: { body: 0, rate: [20, 60] },
    input: nothing,
    handle: checkAudit,
  }),
  defineRoute({
    method: 'GET',
    path: '/api/v1/:account/audit/export.csv',
    who,
    limits: { body: 0, rate: [20, 60] },
    input: nothing,
    handle: async (ctx, _input, call) => {
      const body = await exportAudit(ctx)
      const day = ctx.now().toISOString().slice(0, 10)
      call.set('content-disposition', `attachment; filename="audit-${day}.csv"`)
      return new Raw(body, 'text/csv; charset=utf-8')
    },
  }),
]
