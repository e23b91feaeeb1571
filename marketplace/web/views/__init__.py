"""What each page is given: frozen values of the domain, nothing written out for people yet."""
