"""The county's time zone."""

TIME_ZONE = "Asia/Shanghai"
