// Four places: the login, the desk, the report on the alarms themselves, and the bench where messages are tried. The address after # names the case on the desk, so that it can be sent to a colleague.
import { createRouter, createWebHashHistory } from 'vue-router'
import DeskPage from './pages/DeskPage.vue'
import LoginPage from './pages/LoginPage.vue'
import ReportPage from './pages/ReportPage.vue'
import TryPage from './pages/TryPage.vue'
import { useSession } from './stores/session'

export const router = createRouter({
  history: createWebHashHistory(),
  routes: [
    { path: '/login', name: 'login', component: LoginPage },
    { path: '/incidents/:id?', name: 'desk', component: DeskPage },
    { path: '/report', name: 'report', component: ReportPage },
    { path: '/try', name: 'try', component: TryPage },
    { path: '/:rest(.*)*', redirect: '/incidents' },
  ],
})

router.beforeEach(async (to) => {
  const session = useSession()
  if (to.name === 'login') return session.isKnown ? { name: 'desk' } : true
  return session.isKnown || (await session.resume()) ? true : { name: 'login', query: to.path === '/incidents' ? {} : { to: to.fullPath } }
})
