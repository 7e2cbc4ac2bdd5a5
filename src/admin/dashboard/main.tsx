/** The dashboard's start: puts the application into the page. */
import { render } from 'preact';
import { App } from './app.tsx';
import { SettingsProvider } from './settings.tsx';
import './styles/base.css';
import './styles/frame.css';
import './styles/parts.css';
import './styles/overview.css';
import './styles/events.css';
import './styles/event.css';
import './styles/targets.css';

render(
  <SettingsProvider>
    <App />
  </SettingsProvider>,
  document.getElementById('app') as HTMLElement,
);
