"""The strict workspace as a page in the browser: what is there is drawn here, what people do there is done."""
