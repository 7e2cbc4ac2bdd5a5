/** The dashboard's start: puts the application into the page. */
import { render } from 'preact';

render(<p>Dragoman</p>, document.getElementById('app') as HTMLElement);
