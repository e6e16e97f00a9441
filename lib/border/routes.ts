/** The registry: every machine route of the product, in one list. What is not here is not served. */
import type { Route } from './route'
import { attachmentRoutes } from './routes/attachments'
import { auditRoutes } from './routes/audit'
import { billingRoutes } from './routes/billing'
import { contactRoutes } from './routes/contacts'
import { deskRoutes } from './routes/desk'
import { identityRoutes } from './routes/identity'
import { learningRoutes } from './routes/learning'
import { madeToOrderRoutes } from './routes/made-to-order'
import { memberRoutes } from './routes/members'
import { reviewRoutes } from './routes/review'
import { secondFactorRoutes } from './routes/second-factor'
import { settingsRoutes } from './routes/settings'
import { systemRoutes } from './routes/system'
import { ticketRoutes } from './routes/tickets'
import { webhookRoutes } from './routes/webhooks'
import { widgetRoutes } from './routes/widget'

export const routes: readonly Route[] = [
  ...widgetRoutes,
  ...deskRoutes,
  ...contactRoutes,
  ...attachmentRoutes,
  ...identityRoutes,
  ...memberRoutes,
  ...secondFactorRoutes,
  ...settingsRoutes,
  ...ticketRoutes,
  ...learningRoutes,
  ...reviewRoutes,
  ...madeToOrderRoutes,
  ...billingRoutes,
  ...auditRoutes,
  ...webhookRoutes,
  ...systemRoutes,
]
