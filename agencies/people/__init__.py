"""People behind agencies (关联关系、执业人员): relations, practitioners, holds for review; nothing by name alone."""
