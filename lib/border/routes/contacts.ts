/** People who wrote: erasing one for good. */
import { z } from 'zod'
import { canManageAccount } from '@/lib/features/accounts/permissions'
import { eraseContact } from '@/lib/flows/erase-contact'
import { idOf } from '../path-id'
import { defineRoute } from '../route'

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
]
