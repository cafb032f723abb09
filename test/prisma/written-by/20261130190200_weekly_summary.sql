update notifiers set summary_weekday = 'fri'
