// The door of the console: puts the pieces together and hands the page to Vue.
import 'element-plus/theme-chalk/base.css'
import 'element-plus/theme-chalk/dark/css-vars.css'
import './style/desk.css'
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from './App.vue'
import { language } from './language'
import { router } from './router'

createApp(App).use(createPinia()).use(language).use(router).mount('#desk')
