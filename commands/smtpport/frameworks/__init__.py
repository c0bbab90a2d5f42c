"""What to put into an app: programs and libraries that send mail, with the settings of each and lines to paste."""
