/** Billing of an account: its plan, its use of it, and changes of plan. */
import { z } from 'zod'
import { canManageAccount, canManageBilling } from '@/lib/features/accounts/permissions'
import { addOnChoice, planChoice, previewWish, spendChoice } from '@/lib/features/billing/input'
import { eventStates, standings } from '@/lib/features/billing/operator-lists'
import { planNames } from '@/lib/features/billing/plans'
import { changeAddOn, changePlan, endPlan, openPortal, refreshBilling } from '@/lib/flows/change-plan'
import { limitSpend } from '@/lib/flows/limit-spend'
import {
  checkSetUp,
  exportRevenue,
  findAccounts,
  findEvents,
  readOperatedBilling,
  replayEvent,
} from '@/lib/flows/operate-billing'
import { previewChange } from '@/lib/flows/preview-change'
import { exportUsage, exportUsageRows, readBilling } from '@/lib/flows/read-billing'
import { receiveStripeEvent } from '@/lib/flows/receive-stripe-event'
import { defineRoute, Raw } from '../route'

const nothing = z.object({})
/** yyyy-mm; the running one where none is named. */
const month = z
  .string()
  .regex(/^20\d{2}-(0[1-9]|1[0-2])$/)
  .transform((text) => new Date(`${text}-01T00:00:00Z`))
  .optional()

/** Stripe's events are a few kilobytes, an invoice with many lines more. */
const stripeLimits = { body: 524_288, rate: [3_000, 60] } as const

export const billingRoutes = [
  defineRoute({
    method: 'POST',
    path: '/api/stripe',
    who: 'public',
    // The signature is over the bytes as they came, and is what counts.
    file: true,
    anyOrigin: true,
    input: nothing,
    limits: stripeLimits,
    handle: (ctx, _input, { bytes, headers }) => {
      const signature = headers['stripe-signature']
      return receiveStripeEvent(ctx, bytes, typeof signature === 'string' ? signature : undefined)
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/api/v1/operator/billing',
    who: 'operator',
    input: z.object({ month }),
    handle: readOperatedBilling,
  }),
  defineRoute({
    method: 'GET',
    path: '/api/v1/operator/revenue.csv',
    who: 'operator',
    input: nothing,
    limits: { body: 0, rate: [10, 60] },
    handle: async (ctx, _input, call) => {
      call.set('content-disposition', 'attachment; filename="revenue.csv"')
      return new Raw(await exportRevenue(ctx), 'text/csv; charset=utf-8')
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/api/v1/operator/set-up',
    who: 'operator',
    input: nothing,
    limits: { body: 0, rate: [20, 60] },
    handle: checkSetUp,
  }),
  defineRoute({
    method: 'GET',
    path: '/api/v1/operator/accounts',
    who: 'operator',
    input: z.object({
      search: z.string().trim().max(200).default(''),
      standing: z.enum(standings).optional(),
      plan: z.enum(planNames).exclude(['free']).optional(),
      before: z.uuid().toLowerCase().optional(),
    }),
    handle: findAccounts,
  }),
  defineRoute({
    method: 'GET',
    path: '/api/v1/operator/events',
    who: 'operator',
    input: z.object({ state: z.enum(eventStates).optional(), before: z.string().max(255).optional() }),
    handle: findEvents,
  }),
  defineRoute({
    method: 'POST',
    path: '/api/v1/operator/events/:id/replay',
    who: 'operator',
    input: z.strictObject({}),
    handle: (ctx, _input, { params }) => replayEvent(ctx, { id: params.id ?? '' }),
  }),
  ...(['portal', 'refresh'] as const).map((act) =>
    defineRoute({
      method: 'POST',
      path: `/api/v1/:account/billing/${act}`,
      who: { member: canManageBilling },
      whileUnpaid: true,
      whileWaiting: true,
      input: z.strictObject({}),
      limits: { body: 256, rate: [20, 60] },
      handle: act === 'portal' ? openPortal : refreshBilling,
    }),
  ),
  defineRoute({
    method: 'POST',
    path: '/api/v1/:account/billing/preview',
    who: { member: canManageBilling },
    whileUnpaid: true,
    whileWaiting: true,
    input: previewWish,
    limits: { body: 256, rate: [30, 60] },
    handle: previewChange,
  }),
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
    whileUnpaid: true,
    whileWaiting: true,
    input: planChoice,
    handle: changePlan,
  }),
  defineRoute({
    method: 'PATCH',
    path: '/api/v1/:account/billing/plan',
    who: { member: canManageBilling },
    whileUnpaid: true,
    whileWaiting: true,
    input: z.strictObject({ ends: z.boolean() }),
    handle: endPlan,
  }),
  defineRoute({
    method: 'PUT',
    path: '/api/v1/:account/billing/add-ons',
    who: { member: canManageBilling },
    whileUnpaid: true,
    whileWaiting: true,
    input: addOnChoice,
    handle: changeAddOn,
  }),
  defineRoute({
    method: 'PUT',
    path: '/api/v1/:account/billing/spend',
    who: { member: canManageBilling },
    whileUnpaid: true,
    whileWaiting: true,
    input: spendChoice,
    handle: limitSpend,
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
  defineRoute({
    method: 'GET',
    path: '/api/v1/:account/billing/usage-rows.csv',
    who: { member: canManageAccount },
    input: z.object({ month }),
    limits: { body: 0, rate: [10, 60] },
    handle: (ctx, { month: first = ctx.now() }, call) => {
      call.set('content-disposition', `attachment; filename="usage-${first.toISOString().slice(0, 7)}.csv"`)
      return new Raw(exportUsageRows(ctx, first), 'text/csv; charset=utf-8')
    },
  }),
]
