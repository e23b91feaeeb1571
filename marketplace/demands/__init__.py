"""Demands (中介服务需求): their terms, clocks, admission and list."""
