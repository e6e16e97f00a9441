/** Billing of an account: its plan, its use of it, and changes of plan. */
import { z } from 'zod'
import { canManageAccount, canManageBilling } from '@/lib/features/accounts/permissions'
import { planChoice } from '@/lib/features/billing/input'
import { changePlan, endPlan } from '@/lib/flows/change-plan'
import { exportUsage, readBilling } from '@/lib/flows/read-billing'
import { defineRoute, Raw } from '../route'

const nothing = z.object({})

export const billingRoutes = [
  defineRoute({
    method: 'GET',
    path: '/api/v1/:account/billing',
    who: { member: canManageAccount },
    input: nothing,
    handle: readBilling,
  }),
  defineRoute({
    method: 'PUT',
    path: '/api/v1/:account/billing/plan',
    who: { member: canManageBilling },
    input: planChoice,
    handle: changePlan,
  }),
  defineRoute({
    method: 'PATCH',
    path: '/api/v1/:account/billing/plan',
    who: { member: canManageBilling },
    input: z.strictObject({ ends: z.boolean() }),
    handle: endPlan,
  }),
  defineRoute({
    method: 'GET',
    path: '/api/v1/:account/billing/usage.csv',
    who: { member: canManageAccount },
    input: nothing,
    handle: async (ctx, _input, call) => {
      call.set('content-disposition', 'attachment; filename="usage.csv"')
      return new Raw(await exportUsage(ctx), 'text/csv; charset=utf-8')
    },
  }),
]
