/** People who wrote: what they agreed to, erasing one for good; and how long an account keeps what they wrote. */
import { z } from 'zod'
import { canCorrect, canExport, canManageAccount, canViewInbox } from '@/lib/features/accounts/permissions'
import { consentChange, privacyChange } from '@/lib/features/privacy/input'
import { choosePrivacy, noteContactConsent, readContactConsent, readPrivacy } from '@/lib/flows/choose-privacy'
import { eraseContact } from '@/lib/flows/erase-contact'
import { exportAccount } from '@/lib/flows/export-account'
import { idOf } from '../path-id'
import { defineRoute, Raw } from '../route'

export const contactRoutes = [
  defineRoute({
    method: 'DELETE',
    path: '/api/v1/:account/contacts/:id',
    who: { member: canManageAccount },
    // A duty towards the person, whatever the account owes.
    whileUnpaid: true,
    limits: { body: 256, rate: [30, 60] },
    input: z.object({}),
    handle: (ctx, _input, call) => eraseContact(ctx, { id: idOf(call) }),
  }),
  defineRoute({
    method: 'GET',
    path: '/api/v1/:account/contacts/:id/consent',
    who: { member: canViewInbox },
    limits: { body: 0, rate: [600, 60] },
    input: z.object({}),
    handle: (ctx, _input, call) => readContactConsent(ctx, { id: idOf(call) }),
  }),
  defineRoute({
    method: 'PUT',
    path: '/api/v1/:account/contacts/:id/consent',
    who: { member: canCorrect },
    input: consentChange,
    handle: (ctx, input, call) => noteContactConsent(ctx, { id: idOf(call), ...input }),
  }),
  defineRoute({
    method: 'GET',
    path: '/api/v1/:account/privacy',
    who: { member: canManageAccount },
    input: z.object({}),
    handle: readPrivacy,
  }),
  defineRoute({
    method: 'PATCH',
    path: '/api/v1/:account/privacy',
    who: { member: canManageAccount },
    // What was promised to visitors is kept while the account owes, too, and stays its own to choose.
    whileUnpaid: true,
    input: privacyChange,
    handle: choosePrivacy,
  }),
  defineRoute({
    method: 'GET',
    path: '/api/v1/:account/export.jsonl',
    who: { member: canExport },
    limits: { body: 0, rate: [6, 3_600] },
    input: z.object({}),
    handle: async (ctx, _input, call) => {
      const body = await exportAccount(ctx)
      const day = ctx.now().toISOString().slice(0, 10)
      call.set('content-disposition', `attachment; filename="account-${day}.jsonl"`)
      return new Raw(body, 'application/jsonl; charset=utf-8')
    },
  }),
]
