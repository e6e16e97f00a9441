/** The registry: every machine route of the product, in one list. What is not here is not served. */
import type { Route } from './route'
import { deskRoutes } from './routes/desk'
import { identityRoutes } from './routes/identity'
import { memberRoutes } from './routes/members'
import { systemRoutes } from './routes/system'
import { widgetRoutes } from './routes/widget'

export const routes: readonly Route[] = [
  ...widgetRoutes,
  ...deskRoutes,
  ...identityRoutes,
  ...memberRoutes,
  ...systemRoutes,
]
